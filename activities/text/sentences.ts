/** Sentences of a text or a transcript, each with its seconds where the source has them. */
import type { Segment, Transcript } from '../../domain/transcript';
import { endsUnfinished } from './abbreviations';

export interface Sentence {
  readonly text: string;
  /** Seconds of the recording; absent for text sources. */
  readonly start_s?: number;
  readonly end_s?: number;
  /** A blank line or a list mark stands before it. */
  readonly opens_block?: boolean;
}

/** Half-open range of characters. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Blank lines part blocks, and so do list items; a single line break is only where the page ended the line. */
const BLOCK_BREAK = /\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,3}[.)])\s)/;

export function sentencesOfText(text: string, language: string): Sentence[] {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split(BLOCK_BREAK)
    .map((block) => block.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  return lines.flatMap((line, at) =>
    sentenceSpans(line, language).map(({ start, end }, index) => ({
      text: line.slice(start, end),
      ...(at > 0 && index === 0 && { opens_block: true }),
    })),
  );
}

export function sentencesOfTranscript({ segments, language, duration_s }: Transcript): Sentence[] {
  const { text, pieces, ends } = timedText(segments);
  const spans = sentenceSpans(text, language).flatMap((span) => cutAtPauses(text, span, ends));
  let latest = 0;
  return spans.map(({ start, end }) => {
    // Engines' times may run backwards by a few milliseconds, or past the end.
    const start_s = Math.min(duration_s, Math.max(latest, secondsAt(pieces, start, 'start')));
    const end_s = Math.min(duration_s, Math.max(start_s, secondsAt(pieces, end, 'end')));
    latest = start_s;
    return { text: text.slice(start, end), start_s, end_s };
  });
}

/** A text's sentences put together again; blocks stay apart, so that splitting it gives the same sentences. */
export function joinSentences(sentences: readonly Sentence[]): string {
  return sentences
    .map(({ text, opens_block }, index) => (index === 0 ? '' : opens_block ? '\n\n' : ' ') + text)
    .join('');
}

/** The segmenter's time grows with the square of its input, so long texts are read in windows (characters). */
const WINDOW = 4_000;

function sentenceSpans(text: string, language: string): Span[] {
  const segmenter = segmenterOf(language);
  const spans: Span[] = [];
  let window = WINDOW;
  for (let from = 0; from < text.length;) {
    const found = [...segmenter.segment(text.slice(from, from + window))];
    const isLast = from + window >= text.length;
    // The window may cut its last sentence: that one is read again with what follows.
    const whole = isLast ? found : found.slice(0, -1);
    window = whole.length > 0 ? WINDOW : window * 2;
    for (const { segment } of whole) {
      appendSpan(spans, text, { start: from, end: from + segment.length });
      from += segment.length;
    }
  }
  return spans;
}

/** Without its white space, and joined to the one before it where the segmenter stopped too early. */
function appendSpan(spans: Span[], text: string, raw: Span): void {
  const segment = text.slice(raw.start, raw.end);
  const start = raw.start + segment.length - segment.trimStart().length;
  const end = raw.start + segment.trimEnd().length;
  if (start >= end) return;
  const last = spans.at(-1);
  const joins = last && endsUnfinished(text.slice(last.start, last.end), text.slice(start, end));
  if (joins) spans[spans.length - 1] = { start: last.start, end };
  else spans.push({ start, end });
}

function segmenterOf(language: string): Intl.Segmenter {
  const isTag = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language);
  return new Intl.Segmenter(isTag ? language : 'und', { granularity: 'sentence' });
}

/** A stretch of text with its seconds; inside it, time is spread by characters. */
interface Piece extends Span {
  readonly start_s: number;
  readonly end_s: number;
}

function timedText(segments: readonly Segment[]) {
  let text = '';
  const pieces: Piece[] = [];
  const ends: number[] = [];
  for (const segment of segments) {
    const said = segment.text.replace(/\s+/g, ' ').trim();
    if (said === '') continue;
    const start = text === '' ? 0 : text.length + 1;
    text += text === '' ? said : ` ${said}`;
    pieces.push(...piecesOf(segment, said, start));
    ends.push(text.length);
  }
  return { text, pieces, ends };
}

/** One piece per word that is found in the text; without any, the segment is one piece. */
function piecesOf(segment: Segment, said: string, offset: number): Piece[] {
  let from = 0;
  const pieces = (segment.words ?? []).flatMap((word): Piece[] => {
    const wanted = word.text.trim();
    const at = wanted === '' ? -1 : said.indexOf(wanted, from);
    if (at < 0) return [];
    from = at + wanted.length;
    return [{ start: offset + at, end: offset + from, start_s: word.start_s, end_s: word.end_s }];
  });
  const whole = { start: offset, end: offset + said.length, start_s: segment.start_s, end_s: segment.end_s };
  return pieces.length > 0 ? pieces : [whole];
}

/** Between two pieces a sentence starts with the next one and ends with the one before. */
function secondsAt(pieces: readonly Piece[], offset: number, side: 'start' | 'end'): number {
  const piece =
    side === 'start'
      ? (pieces[firstWhere(pieces, ({ end }) => end > offset)] ?? pieces.at(-1))
      : (pieces[firstWhere(pieces, ({ start }) => start >= offset) - 1] ?? pieces[0]);
  if (!piece) return 0;
  const share = (offset - piece.start) / (piece.end - piece.start);
  return piece.start_s + (piece.end_s - piece.start_s) * Math.min(1, Math.max(0, share));
}

/** Binary search; the condition holds from some index on. */
function firstWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An engine that writes no full stops gives endless sentences; above this many characters segments part them. */
const LONGEST = 800;

function cutAtPauses(text: string, span: Span, ends: readonly number[]): Span[] {
  if (span.end - span.start <= LONGEST) return [span];
  const spans: Span[] = [];
  let { start } = span;
  for (let at = firstWhere(ends, (end) => end > start); at < ends.length && ends[at]! < span.end; at++) {
    const end = ends[at]!;
    if (end - start < LONGEST / 4) continue;
    spans.push({ start, end });
    start = end + 1;
  }
  return [...spans, { start, end: span.end }].filter(
    ({ start, end }) => text.slice(start, end).trim() !== '',
  );
}
