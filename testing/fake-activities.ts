/** Activities that do nothing and answer plausibly, for tests and recordings of workflows. */
import type { Activities, PlannedProvider, ProviderPlan } from '../activities/index';

const made = { provider: 'first', model: 'first-1', quality: 'standard', disclosure: null };

export const planned = (provider: string): PlannedProvider => ({
  ...{ provider, model: `${provider}-1`, quality: 'standard', batch_from_s: null },
});

export const TWO_PROVIDERS: ProviderPlan = {
  providers: [planned('first'), planned('second')],
  preferred: { provider: 'first', reason: null },
  missing: [],
  total_s: 60,
};

/** Three windows of five seconds. */
const WINDOWS = [0, 5, 10].map((start_s) => ({ start_s, end_s: start_s + 5 }));

const DECK = {
  ...{ deck: 'deck-blob', title: 'Photosynthesis', language: 'en' },
  slides: [
    { id: 's1', has_picture: false, has_notes: false },
    { id: 's2', has_picture: true, has_notes: true },
    { id: 's3', has_picture: true, has_notes: true },
  ],
};

export function fakeActivities(over: Partial<Activities> = {}): Activities {
  return {
    markRunning: async () => {},
    recordOutcome: async () => {},
    planProviders: async () => TWO_PROVIDERS,
    listCandidates: async () => ({
      candidates: [
        { capability: 'speaker', provider: 'first', missing: null },
        { capability: 'ocr', provider: 'second', missing: { message: 'no key', hint: 'Set it' } },
      ],
    }),
    checkProvider: async ({ capability, provider }) => ({
      ...{ capability, provider, model: 'first-1', ok: true, code: null, message: null, hint: null },
      took_s: 0.1,
    }),
    reportMissing: async ({ capability, provider, missing }) => ({
      ...{ capability, provider, model: null, ok: false, code: 'NOT_CONFIGURED', took_s: 0 },
      ...{ message: missing?.message ?? null, hint: missing?.hint ?? null },
    }),
    openSubject: async ({ source_id = 'source' }) => ({
      ...{ stage: 'recording', blob: 'recording-blob', passages: null, source_id },
      ...{ title: 'A lecture', language: 'und' },
    }),
    decodeAudio: async () => ({ pcm: 'pcm-blob', duration_s: 15, windows: WINDOWS }),
    recogniseWindow: async ({ start_s }) => ({ blob: `said-${start_s}`, language: 'de' }),
    submitTranscription: async () => ({
      ...{ id: 'batch-1', blob: null, language: null, look_every_s: 0.05 },
    }),
    collectTranscription: async () => ({ blob: 'said-whole', language: 'de' }),
    discardTranscription: async () => {},
    saveTranscript: async ({ duration_s, language = 'de', windows }) => ({
      ...made,
      ...{ blob: 'transcript-blob', transcription_id: '3b241101-e2bb-4255-8caf-4136c566a962' },
      ...{ language, duration_s, words: windows.length },
    }),
    cutPassages: async ({ language }) => ({ passages: 'passages-blob', count: 4, language }),
    embedPassages: async () => ({ vectors: 'vectors-blob', count: 4, dimension: 768, model: 'first-1' }),
    storeVectors: async () => ({ collection: 'content', passages: 4 }),
    summarizePassages: async ({ title }) => ({
      ...made,
      ...{ summary: 'summary-blob', title, key_points: 3, sections: 2, key_terms: 1, quality: 'basic' },
    }),
    planSlides: async () => DECK,
    openDeck: async ({ deck }) => ({ ...DECK, deck }),
    drawPicture: async ({ slide_id }) => ({
      ...{ slide_id, image: `image-${slide_id}`, media_type: 'image/png', credit: null },
    }),
    buildSlides: async () => ({ pptx: 'pptx-blob', bytes: 1000 }),
    printSlides: async () => ({ bytes: 800 }),
    editNotes: async () => ({ ...DECK, deck: 'edited-blob' }),
    narrateSlides: async () => ({ duration_s: 7.5 }),
    filmSlides: async () => ({ duration_s: 7.5 }),
    speak: async ({ position }) => ({ ...made, audio: `voice-${position}`, duration_s: 2.005, words: null }),
    ...over,
  };
}

/** Fakes that look at each call for what the test has put in their place. */
export function changingActivities(current: () => Partial<Activities>): Activities {
  const names = Object.keys(fakeActivities()) as (keyof Activities)[];
  const calls = names.map((name) => {
    const call = (input: never): unknown => fakeActivities(current())[name](input);
    return [name, call] as const;
  });
  return Object.fromEntries(calls) as unknown as Activities;
}
