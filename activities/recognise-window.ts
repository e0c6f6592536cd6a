import { primaryOf } from '../domain/language';
import type { Blobs } from '../store/blobs';
import { BYTES_PER_SECOND, toFloat32 } from './audio/levels';
import { currentCall } from './call';
import type { Once } from './once';
import type { Providers } from './providers/registry';

/** A window and the blob of what was said in it (a `Recognition`). */
export interface RecognisedWindow {
  readonly start_s: number;
  readonly end_s: number;
  readonly blob: string;
  readonly language: string;
}

export interface RecogniseWindowInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly pcm: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly language?: string;
}

const VERSION = 1;

/** A byte offset on a sample's boundary. */
const offset = (seconds: number): number => Math.round((seconds * BYTES_PER_SECOND) / 2) * 2;

export function createRecogniseActivities({
  blobs,
  once,
  providers,
}: {
  blobs: Blobs;
  once: Once;
  providers: Providers;
}) {
  async function readSamples(input: RecogniseWindowInput): Promise<Float32Array> {
    const range = { start: offset(input.start_s), end: offset(input.end_s) - 1 };
    const chunks: Buffer[] = [];
    for await (const chunk of blobs.stream(input.pcm, range)) chunks.push(chunk as Buffer);
    return toFloat32(Buffer.concat(chunks));
  }

  return {
    /** Recognises what is said between two moments of a decoded recording. */
    async recogniseWindow(input: RecogniseWindowInput): Promise<{ blob: string; language: string }> {
      const { owner_id, fresh_for, pcm, start_s, end_s, language } = input;
      const transcriber = providers.get('transcriber', input.provider);
      const { provider, model } = transcriber;
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'recogniseWindow', version: VERSION, blobs: [pcm] },
        ...{ parameters: { start_s, end_s, language }, provider, model },
      };
      return once(key, call, async () => {
        const samples = await readSamples(input);
        const spoken = primaryOf(language);
        const recognition = await transcriber.transcribe({ samples, language: spoken, signal: call.signal });
        const { sha256 } = await blobs.put(JSON.stringify(recognition));
        return { blob: sha256, language: recognition.language };
      });
    },
  };
}
