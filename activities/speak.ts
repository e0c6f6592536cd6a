import { deckSchema } from '../domain/deck';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { currentCall } from './call';
import { toMp3 } from './encode-speech';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';

export interface SpeakInput {
  readonly provider: string;
  readonly disclosure?: string | null;
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
  readonly disclosure: string | null;
  /** Blob: when each word is spoken (`TimedWord[]`), where the vendor says so. */
  readonly words: string | null;
}

const VERSION = 1;

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

  return {
    /** Speaks a slide's notes, or a text, as one MP3 of even loudness. */
    async speak(input: SpeakInput): Promise<Spoken> {
      const speaker = providers.get('speaker', input.provider);
      const { provider, model, quality } = speaker;
      const { job_id, owner_id, fresh_for, source_id, voice, language, position, disclosure = null } = input;
      const text = await textOf(input.of);
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'speak', version: VERSION, blobs: [] },
        ...{ parameters: { text, voice, language }, provider, model },
      };
      const made = await once(key, call, async () => {
        const speech = await speaker.speak({ text, voice, language, signal: call.signal });
        const { words = [] } = speech;
        const spoken = await toMp3({ ffmpeg, blobs }, speech.audio, call.signal);
        return {
          ...spoken,
          words: words.length > 0 ? (await blobs.put(JSON.stringify(words))).sha256 : null,
        };
      });
      const file_name = position === 0 ? 'speech.mp3' : `slide-${String(position).padStart(2, '0')}.mp3`;
      const facts = { job_id, owner_id, content_id: source_id ?? undefined, position, file_name };
      const metadata = { provider, model, quality, disclosure, duration_s: made.duration_s };
      await saveArtifact(
        { db, blobs },
        { ...facts, kind: 'voiceover', media_type: 'audio/mpeg', metadata },
        blobs.stream(made.audio),
      );
      return { ...made, provider, model, quality, disclosure };
    },
  };
}
