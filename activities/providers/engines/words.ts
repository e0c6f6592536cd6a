import type { RecognizedSegment } from '../spec';
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
/** Seconds between two words that end a segment without a full stop. */
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

/** Cuts at sentence ends and pauses. */
export function segmentsOf(words: readonly SpokenWord[]): RecognizedSegment[] {
  const groups: SpokenWord[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && !endsSegment(before, word)) group.push(word);
    else groups.push([word]);
  }
  return groups.map(segmentOf);
}

function endsSegment(word: SpokenWord, next: SpokenWord): boolean {
  return SENTENCE_END.test(word.text) || next.start_s - word.end_s > PAUSE_S;
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
