import { deckSchema, pictureSchema, themeSchema, type Deck, type Picture, type Theme } from '../domain/deck';
import { passagesSchema } from '../domain/passage';
import { summarySchema } from '../domain/summary';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { currentCall } from './call';
import { fitDeck } from './deck/fit';
import type { Metrics } from './deck/metrics';
import { planDeck } from './deck/plan';
import { buildPptx } from './deck/pptx';
import { DARK, LIGHT } from './deck/themes';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';

interface OfJob {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
}

export interface PlanSlidesInput extends OfJob {
  readonly summary: string;
  readonly passages: string;
  readonly theme: 'light' | 'dark';
}

/** A deck's facts, small enough for a workflow; the deck itself is a blob. */
export interface PlannedDeck {
  /** Blob: `domain/deck.ts`. */
  readonly deck: string;
  readonly title: string;
  readonly language: string;
  readonly slides: readonly {
    readonly id: string;
    readonly has_picture: boolean;
    readonly has_notes: boolean;
  }[];
}

export interface DrawPictureInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly deck: string;
  readonly slide_id: string;
}

/** Blob of an `Illustration` without its bytes, and the bytes. */
export interface DrawnPicture {
  readonly slide_id: string;
  readonly image: string;
  readonly media_type: string;
  readonly credit: string | null;
}

export interface BuildSlidesInput extends OfJob {
  readonly deck: string;
  readonly pictures: readonly DrawnPicture[];
}

const VERSION = 1;
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

export const factsOfDeck = (blob: string, deck: Deck): PlannedDeck => ({
  deck: blob,
  title: deck.title,
  language: deck.language,
  slides: deck.slides.map(({ id, picture, notes }) => ({
    id,
    has_picture: picture !== undefined,
    has_notes: notes.trim() !== '',
  })),
});

interface SlideDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly once: Once;
  readonly providers: Providers;
  readonly loadMetrics: () => Promise<Metrics>;
}

export function createSlideActivities({ db, blobs, once, providers, loadMetrics }: SlideDeps) {
  const readDeck = (blob: string) => readJson(blobs, blob, deckSchema);

  async function pictureOf(input: DrawPictureInput): Promise<{ picture: Picture; theme: Theme }> {
    const { slides, theme } = await readDeck(input.deck);
    const slide = slides.find(({ id }) => id === input.slide_id);
    return { picture: pictureSchema.parse(slide?.picture), theme: themeSchema.parse(theme) };
  }

  return {
    /** Turns a summary's outline into a deck specification whose text fits its slides. */
    async planSlides(input: PlanSlidesInput): Promise<PlannedDeck> {
      const { job_id, owner_id, source_id: content_id } = input;
      const summary = await readJson(blobs, input.summary, summarySchema);
      const { passages } = await readJson(blobs, input.passages, passagesSchema);
      const planned = planDeck({ summary, passages, theme: input.theme === 'dark' ? DARK : LIGHT });
      const deck = fitDeck(planned, await loadMetrics());
      const { provider, model, quality, language, title } = deck;
      const facts = { job_id, owner_id, content_id, kind: 'deck_spec', language } as const;
      const data = JSON.stringify(deck);
      await saveArtifact(
        { db, blobs },
        {
          ...{ ...facts, media_type: 'application/json', file_name: `${title}.deck.json` },
          metadata: { provider, model, quality },
        },
        data,
      );
      return factsOfDeck((await blobs.put(data)).sha256, deck);
    },

    /** Reads an earlier job's deck specification. */
    async openDeck({ deck }: { deck: string }): Promise<PlannedDeck> {
      return factsOfDeck(deck, await readDeck(deck));
    },

    /** Makes one slide's picture. */
    async drawPicture(input: DrawPictureInput): Promise<DrawnPicture> {
      const illustrator = providers.get('illustrator', input.provider);
      const { provider, model } = illustrator;
      const { owner_id, fresh_for, slide_id } = input;
      const { picture, theme } = await pictureOf(input);
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'drawPicture', version: VERSION, blobs: [] },
        ...{ parameters: { picture, theme }, provider, model },
      };
      const made = await once(key, call, async () => {
        const { image, media_type, credit } = await illustrator.illustrate({
          picture,
          theme,
          signal: call.signal,
        });
        return { image: (await blobs.put(image)).sha256, media_type, credit: credit ?? null };
      });
      return { slide_id, ...made };
    },

    /** Writes the deck as PowerPoint: native text, notes, pictures. */
    async buildSlides(input: BuildSlidesInput): Promise<{ bytes: number }> {
      const deck = await readDeck(input.deck);
      const read = input.pictures.map(async ({ slide_id, image, media_type, credit }) => {
        const data = await blobs.read(image);
        return [slide_id, { data, media_type, credit: credit ?? undefined }] as const;
      });
      const pictures = new Map(await Promise.all(read));
      const pptx = await buildPptx({ deck, pictures, metrics: await loadMetrics() });
      const { provider, model, quality, language, title } = deck;
      const { job_id, owner_id, source_id: content_id } = input;
      const facts = { job_id, owner_id, content_id, kind: 'deck', language, media_type: PPTX } as const;
      const metadata = { provider, model, quality };
      await saveArtifact({ db, blobs }, { ...facts, metadata, file_name: `${title}.pptx` }, pptx);
      return { bytes: pptx.byteLength };
    },
  };
}
