import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deckSchema } from '../domain/deck';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { gainFilter, MEASURE_FILTER, parseLoudness } from './audio/loudness';
import { currentCall } from './call';
import { runFfmpeg } from './ffmpeg';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';

export interface SpeakInput {
  readonly provider: string;
  readonly answers: number;
  readonly job_id: string;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly source_id: string | null;
  /** What to say: the notes of a deck's slide, or a text. */
  readonly of: { readonly deck: string; readonly slide_id: string } | { readonly text: string };
  readonly voice?: string;
  /** BCP 47; chooses the voice where none is named. */
  readonly language?: string;
  /** Number of the slide, from 1; 0 for a text. */
  readonly position: number;
}

export interface Spoken {
  /** Blob: MP3. */
  readonly audio: string;
  readonly duration_s: number;
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
}

const VERSION = 1;
const PCM = ['-ac', '1', '-ar', '44100', '-f', 's16le'];
const PCM_BYTES_PER_SECOND = 2 * 44_100;
/** Speech of one voice: more bits are not heard. */
const MP3 = ['-ac', '1', '-ar', '44100', '-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'];

interface SpeakDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly once: Once;
  readonly providers: Providers;
  readonly ffmpeg: string;
}

export function createSpeakActivities({ db, blobs, once, providers, ffmpeg }: SpeakDeps) {
  async function textOf(of: SpeakInput['of']): Promise<string> {
    if ('text' in of) return of.text;
    const { slides } = await readJson(blobs, of.deck, deckSchema);
    return slides.find(({ id }) => id === of.slide_id)?.notes ?? '';
  }

  /** The length in seconds and the loudness in LUFS of any audio file. */
  async function measure(
    file: string,
    signal: AbortSignal,
  ): Promise<{ duration_s: number; loudness: number }> {
    const args = ['-i', file, '-af', MEASURE_FILTER, ...PCM, 'pipe:1'];
    const run = runFfmpeg(ffmpeg, args, signal, 'info');
    let bytes = 0;
    for await (const chunk of run.stdout) bytes += (chunk as Buffer).length;
    return { duration_s: bytes / PCM_BYTES_PER_SECOND, loudness: parseLoudness(await run.ended) };
  }

  async function toMp3(
    speech: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ audio: string; duration_s: number }> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-speak-'));
    try {
      const raw = path.join(folder, 'speech');
      await writeFile(raw, speech);
      const { duration_s, loudness } = await measure(raw, signal);
      const encode = runFfmpeg(ffmpeg, ['-i', raw, '-af', gainFilter(loudness), ...MP3, 'pipe:1'], signal);
      const [stored] = await Promise.all([blobs.put(encode.stdout, signal), encode.ended]);
      return { audio: stored.sha256, duration_s };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    /** Speaks a slide's notes, or a text, as one MP3 of even loudness. */
    async speak(input: SpeakInput): Promise<Spoken> {
      const speaker = providers.get('speaker', input.provider);
      const { provider, model, quality } = speaker;
      const { job_id, owner_id, fresh_for, source_id, voice, language, position } = input;
      const text = await textOf(input.of);
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'speak', version: VERSION, blobs: [] },
        ...{ parameters: { text, voice, language }, provider, model },
      };
      const made = await once(key, call, async () => {
        const speech = await speaker.speak({ text, voice, language, signal: call.signal });
        return toMp3(speech.audio, call.signal);
      });
      const file_name = position === 0 ? 'speech.mp3' : `slide-${String(position).padStart(2, '0')}.mp3`;
      const facts = { job_id, owner_id, content_id: source_id ?? undefined, position, file_name };
      const metadata = { provider, model, quality, duration_s: made.duration_s };
      await saveArtifact(
        { db, blobs },
        { ...facts, kind: 'voiceover', media_type: 'audio/mpeg', metadata },
        blobs.stream(made.audio),
      );
      return { ...made, provider, model, quality };
    },
  };
}
