/** What a job may cost with the first choices that are there: rough, and said before anything is spent. */
import { toUsd, type EstimatedCost, type Units } from '../../domain/cost';
import { bestOffers, type Offer } from '../../domain/offer';
import { microUsdFor, priceOf } from '../../domain/prices';
import type { JobType } from '../../workflows/contracts';
import { isRecording, speechSeconds, type Size } from './estimate';

/** Two and a half words a second, four tokens to three words, six letters to a word with its space. */
const TOKENS_PER_SECOND = 3.3;
const LETTERS_PER_SECOND = 15;
/** Instructions around the text, and what is written of it. */
const PROMPT_TOKENS = 800;
const SUMMARY_TOKENS = 1_500;
/** A deck is as long as its summary, not as its lecture. */
const PICTURES = 6;
const NOTES_LETTERS = 4_000;

/** Which capabilities a job type asks, once a recording has been heard. */
const ASKS: Record<JobType, readonly string[]> = {
  transcribe: [],
  embed: ['embedder'],
  summarize: ['language_model'],
  slides: ['language_model', 'illustrator'],
  voiceover: ['language_model', 'speaker'],
  narrate: ['language_model', 'illustrator', 'speaker'],
  lesson: ['embedder', 'language_model', 'illustrator', 'speaker'],
  preflight: [],
};

function unitsFor(capability: string, seconds: number): Units {
  const input_tokens = Math.round(seconds * TOKENS_PER_SECOND);
  switch (capability) {
    case 'transcriber':
      return { seconds };
    case 'embedder':
      return { input_tokens };
    case 'language_model':
      return { input_tokens: input_tokens + PROMPT_TOKENS, output_tokens: SUMMARY_TOKENS };
    case 'speaker':
      return { characters: Math.min(NOTES_LETTERS, Math.round(seconds * LETTERS_PER_SECOND)) };
    default:
      return { images: PICTURES };
  }
}

/** What a job works on; a text that is only to be said asks nobody else. */
export interface Work {
  readonly type: JobType;
  readonly size: Size;
  readonly text?: string;
}

const unitsOf = (capability: string, { size, text }: Work): Units =>
  text === undefined ? unitsFor(capability, speechSeconds(size)) : { characters: [...text].length };

export function estimateCost(work: Work, offers: readonly Offer[], now = new Date()): EstimatedCost {
  const { type, size, text } = work;
  const able = bestOffers(offers).filter(({ configured, available }) => configured && available);
  const hearing = isRecording(size) ? ['transcriber'] : [];
  const asked = text === undefined ? [...hearing, ...ASKS[type]] : ['speaker'];
  const unpriced: string[] = [];
  let micro_usd = 0;
  for (const capability of asked) {
    const offer = able.find((one) => one.capability === capability);
    if (!offer) continue;
    const of = { provider: offer.provider, model: offer.model ?? '' };
    const price = priceOf(of, now);
    if (price) micro_usd += microUsdFor(unitsOf(capability, work), price);
    else unpriced.push(`${of.provider}/${of.model}`);
  }
  return { usd: toUsd(micro_usd), unpriced };
}
