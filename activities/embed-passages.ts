import { passagesSchema } from '../domain/passage';
import type { Blobs } from '../store/blobs';
import { currentCall } from './call';
import { reportProgress } from './heartbeat';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import type { Embedder } from './providers/spec';
import { readJson } from './read-json';

export interface EmbedPassagesInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly passages: string;
}

export interface EmbeddedPassages {
  /** Blob: 32-bit little-endian floats, one row after the other. */
  readonly vectors: string;
  readonly count: number;
  readonly dimension: number;
  readonly model: string;
}

const VERSION = 1;
/** Small enough for frequent progress, and no slower: batching brings nothing on a CPU. */
const BATCH = 8;

const toBytes = (vectors: readonly Float32Array[]): Buffer =>
  Buffer.concat(vectors.map((vector) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)));

async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const made: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += BATCH) {
    made.push(...(await embedder.embed({ texts: texts.slice(at, at + BATCH), signal })));
    reportProgress(made.length, texts.length, 'passages');
  }
  return made;
}

export function createEmbedActivities({
  blobs,
  once,
  providers,
}: {
  blobs: Blobs;
  once: Once;
  providers: Providers;
}) {
  return {
    /** Makes one vector per passage. */
    async embedPassages(input: EmbedPassagesInput): Promise<EmbeddedPassages> {
      const embedder = providers.get('embedder', input.provider);
      const { provider, model, dimension } = embedder;
      const { owner_id, fresh_for, passages: blob } = input;
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'embedPassages', version: VERSION, blobs: [blob] },
        ...{ parameters: {}, provider, model },
      };
      return once(key, call, async () => {
        const { passages } = await readJson(blobs, blob, passagesSchema);
        const texts = passages.map((passage) => passage.text);
        const made = await embedAll(embedder, texts, call.signal);
        const { sha256 } = await blobs.put(toBytes(made));
        return { vectors: sha256, count: made.length, dimension, model };
      });
    },
  };
}
