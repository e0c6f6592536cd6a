import type { RecognizedSegment } from '../spec';
import type { Voice } from './voice';
import type { WhisperResult } from './whisper';

export interface SpokenWord {
  readonly text: string;
  readonly start_s: number;
  readonly end_s: number;
  /** Whether the text has a space before it; Chinese or Japanese phrases have none. */
  readonly spaced: boolean;
}

const SAMPLE_RATE = 16_000;
const TICKS_PER_S = 100;
/** Seconds between two words that end a segment within a sentence. */
const PAUSE_S = 0.8;
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/;

/**
 * The engine's pieces with the spaces of its text. Their times count from `start`; they are kept between
 * `start` and `end` (in samples) and never run backwards.
 */
export function wordsOf(
  { text, pieces }: Pick<WhisperResult, 'text' | 'pieces'>,
  { start, end }: { readonly start: number; readonly end: number },
): SpokenWord[] {
  const words: SpokenWord[] = [];
  const startS = start / SAMPLE_RATE;
  const endS = end / SAMPLE_RATE;
  let read = 0;
  let clock = startS;
  for (const piece of pieces) {
    const at = text.indexOf(piece.text, read);
    if (piece.text === '' || at < 0) continue;
    const start_s = clamp(startS + piece.start / TICKS_PER_S, clock, endS);
    const end_s = clamp(startS + piece.end / TICKS_PER_S, start_s, endS);
    words.push({ text: piece.text, start_s, end_s, spaced: /\s/.test(text.slice(read, at)) });
    read = at + piece.text.length;
    clock = end_s;
  }
  return words;
}

export function sentencesOf(words: readonly SpokenWord[]): SpokenWord[][] {
  return cutWhere(words, (word) => SENTENCE_END.test(word.text));
}

/** The engine spreads a sentence over the pauses around and within it; this puts its words where the voice is. */
export function retime(sentence: readonly SpokenWord[], voice: Pick<Voice, 'skipPauses'>): SpokenWord[] {
  const [first, last] = [sentence[0], sentence.at(-1)];
  if (!first || !last || first.start_s === last.end_s) return [...sentence];
  const timeOf = voice.skipPauses(first.start_s, last.end_s);
  return sentence.map((word) => ({ ...word, start_s: timeOf(word.start_s), end_s: timeOf(word.end_s) }));
}

/** A sentence, or the parts of it between pauses. */
export function segmentsOf(sentence: readonly SpokenWord[]): RecognizedSegment[] {
  const parts = cutWhere(sentence, (word, next) => next.start_s - word.end_s > PAUSE_S);
  return parts.map(segmentOf);
}

function cutWhere(
  words: readonly SpokenWord[],
  endsPart: (word: SpokenWord, next: SpokenWord) => boolean,
): SpokenWord[][] {
  const parts: SpokenWord[][] = [];
  for (const word of words) {
    const part = parts.at(-1);
    const before = part?.at(-1);
    if (part && before && !endsPart(before, word)) part.push(word);
    else parts.push([word]);
  }
  return parts;
}

function segmentOf(words: readonly SpokenWord[]): RecognizedSegment {
  return {
    text: words.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join(''),
    start_s: words[0]?.start_s ?? 0,
    end_s: words.at(-1)?.end_s ?? 0,
    words: words.map(({ text, start_s, end_s }) => ({ text, start_s, end_s })),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
