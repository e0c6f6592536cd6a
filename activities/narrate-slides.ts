import { z } from 'zod';
import { deckSchema, type Deck } from '../domain/deck';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { toVtt } from './audio/captions';
import { PPTX } from './build-slides';
import { narratePptx, slideSeconds } from './deck/narration';
import { deckTranscript, slideTranscript, type SpokenSlide } from './deck/narration-captions';
import { readJson } from './read-json';
import { saveArtifact, type NewArtifact } from './save-artifact';

/** A slide's speech, as the workflow knows it. */
export interface SlideVoice {
  /** Number of the slide, from 1. */
  readonly position: number;
  /** Blob: MP3. */
  readonly audio: string;
  readonly duration_s: number;
  /** Blob: when each word is spoken, where the speaker said so. */
  readonly words?: string | null;
}

export interface NarrateSlidesInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly deck: string;
  /** Blob of the finished PowerPoint. */
  readonly pptx: string;
  readonly voices: readonly SlideVoice[];
  readonly disclosure?: string | null;
}

const timedSchema = z.array(z.object({ text: z.string(), start_s: z.number() }));

type Said = SpokenSlide & { readonly voice?: SlideVoice };

/** What each slide says, in order, and when. */
export async function spokenSlides(
  blobs: Blobs,
  { slides }: Deck,
  voices: readonly SlideVoice[],
): Promise<Said[]> {
  const timed = voices.map(async (voice) => ({
    ...voice,
    timed: voice.words ? await readJson(blobs, voice.words, timedSchema) : undefined,
  }));
  const byPosition = new Map((await Promise.all(timed)).map((voice) => [voice.position, voice]));
  return slides.map(({ notes }, index) => ({ notes, voice: byPosition.get(index + 1) }));
}

type File = Pick<NewArtifact, 'kind' | 'position' | 'media_type' | 'file_name'>;

export function createNarrateActivities({ db, blobs }: { db: Db; blobs: Blobs }) {
  async function readVoices(voices: readonly SlideVoice[]) {
    const read = voices.map(async ({ position, audio, duration_s }) => {
      return [position, { data: await blobs.read(audio), duration_s }] as const;
    });
    return new Map(await Promise.all(read));
  }

  return {
    /** Puts each slide's voice into the PowerPoint, and says in captions what is spoken when. */
    async narrateSlides(input: NarrateSlidesInput): Promise<{ duration_s: number }> {
      const deck = await readJson(blobs, input.deck, deckSchema);
      const { job_id, owner_id, source_id: content_id, voices, disclosure = null } = input;
      const { title, language, provider, model, quality } = deck;
      const slides = await spokenSlides(blobs, deck, voices);
      const duration_s = slides.reduce((sum, { voice }) => sum + slideSeconds(voice), 0);
      const metadata = { provider, model, quality, disclosure, duration_s };
      const save = (file: File, data: Uint8Array | string) =>
        saveArtifact({ db, blobs }, { job_id, owner_id, content_id, language, metadata, ...file }, data);

      const pptx = await narratePptx(await blobs.read(input.pptx), await readVoices(voices));
      const file_name = `${title} (narrated).pptx`;
      await save({ kind: 'narrated_deck', media_type: PPTX, file_name }, pptx);

      const vtt = { kind: 'narration_captions', media_type: 'text/vtt' } as const;
      await save({ ...vtt, position: 0, file_name: `${title}.vtt` }, toVtt(deckTranscript(slides, deck)));
      for (const { position } of voices) {
        const file_name = `slide-${String(position).padStart(2, '0')}.vtt`;
        await save({ ...vtt, position, file_name }, toVtt(slideTranscript(slides[position - 1]!, deck)));
      }
      return { duration_s: Math.round(duration_s * 100) / 100 };
    },
  };
}
