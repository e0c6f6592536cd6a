import { deckSchema, type Deck } from '../domain/deck';
import { passagesSchema } from '../domain/passage';
import { summarySchema } from '../domain/summary';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { fitDeck } from './deck/fit';
import type { Metrics } from './deck/metrics';
import { planDeck } from './deck/plan';
import { DARK, LIGHT } from './deck/themes';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';

export interface PlanSlidesInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly summary: string;
  readonly passages: string;
  readonly theme: 'light' | 'dark';
  /** Of the summary. */
  readonly disclosure?: string | null;
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

const factsOf = (blob: string, { title, language, slides }: Deck): PlannedDeck => ({
  ...{ deck: blob, title, language },
  slides: slides.map(({ id, picture, notes }) => ({
    ...{ id, has_picture: picture !== undefined, has_notes: notes.trim() !== '' },
  })),
});

export interface EditNotesInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly deck: string;
  /** By slide id. */
  readonly notes: Readonly<Record<string, string>>;
  readonly disclosure?: string | null;
}

type Saving = Pick<PlanSlidesInput, 'job_id' | 'owner_id' | 'source_id' | 'disclosure'>;

interface PlanSlidesDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly loadMetrics: () => Promise<Metrics>;
}

export function createPlanSlidesActivities({ db, blobs, loadMetrics }: PlanSlidesDeps) {
  async function plan(input: PlanSlidesInput): Promise<Deck> {
    const summary = await readJson(blobs, input.summary, summarySchema);
    const { passages } = await readJson(blobs, input.passages, passagesSchema);
    const theme = input.theme === 'dark' ? DARK : LIGHT;
    return fitDeck(planDeck({ summary, passages, theme }), await loadMetrics());
  }

  async function save(deck: Deck, of: Saving) {
    const { provider, model, quality, language, title } = deck;
    const { job_id, owner_id, source_id: content_id, disclosure = null } = of;
    const facts = { job_id, owner_id, content_id, kind: 'deck_spec', language } as const;
    const file = { media_type: 'application/json', file_name: `${title}.deck.json` };
    const artifact = { ...facts, ...file, metadata: { provider, model, quality, disclosure } };
    const { blob } = await saveArtifact({ db, blobs }, artifact, JSON.stringify(deck));
    return factsOf(blob, deck);
  }

  return {
    /** Turns a summary's outline into a deck specification whose text fits its slides. */
    async planSlides(input: PlanSlidesInput): Promise<PlannedDeck> {
      return save(await plan(input), input);
    },

    /** The deck with other notes on some slides, as a specification of its own. */
    async editNotes(input: EditNotesInput): Promise<PlannedDeck> {
      const deck = await readJson(blobs, input.deck, deckSchema);
      const slides = deck.slides.map((slide) => ({ ...slide, notes: input.notes[slide.id] ?? slide.notes }));
      return save({ ...deck, slides }, input);
    },

    /** Reads an earlier job's deck specification. */
    async openDeck({ deck }: { deck: string }): Promise<PlannedDeck> {
      return factsOf(deck, await readJson(blobs, deck, deckSchema));
    },
  };
}
