/** Captions of a transcript: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip. */
import type { Segment, Transcript, Word } from '../../domain/transcript';

export interface Cue {
  readonly start_s: number;
  readonly end_s: number;
  readonly lines: readonly string[];
}

/** Two lines of 42 characters and at most seven seconds are the usual limits of broadcasters. */
const LINE_CHARS = 42;
const CUE_LINES = 2;
const CUE_S = 7;

/** Parts of a stretch of text that each fit a line; a writing without spaces has words of any length. */
const partsOf = (text: string): string[] =>
  text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${LINE_CHARS}}`, 'gu')) ?? []);

/** Spreads a text over a stretch of time by length. */
function spread({ text, start_s, end_s }: Word): Word[] {
  const parts = partsOf(text);
  const letters = parts.reduce((sum, part) => sum + part.length + 1, 0);
  const at = (chars: number) => start_s + ((end_s - start_s) * chars) / letters;
  let before = 0;
  return parts.map((part) => {
    const from = before;
    before += part.length + 1;
    return { text: part, start_s: at(from), end_s: at(before) };
  });
}

/** Where an engine gives no word times, words are spread over their segment. */
const timedWords = (segment: Segment): Word[] =>
  (segment.words?.length ? segment.words : [segment]).flatMap(spread);

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= LINE_CHARS)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** One word may span a whole window; WebVTT wants a cue to last at least its smallest unit. */
const endOf = (start_s: number, end_s: number): number =>
  Math.max(start_s + 0.001, Math.min(end_s, start_s + CUE_S));

function cuesOf(segment: Segment): Cue[] {
  const cues: Cue[] = [];
  let words: Word[] = [];
  const flush = () => {
    const [first, last] = [words[0], words.at(-1)];
    if (first && last) {
      const lines = wrap(words.map((word) => word.text).join(' '));
      cues.push({ start_s: first.start_s, end_s: endOf(first.start_s, last.end_s), lines });
    }
    words = [];
  };
  for (const word of timedWords(segment)) {
    const text = [...words, word].map((one) => one.text).join(' ');
    const tooLong = wrap(text).length > CUE_LINES;
    if (words[0] && (tooLong || word.end_s - words[0].start_s > CUE_S)) flush();
    words.push(word);
  }
  flush();
  return cues;
}

export const captionCues = (transcript: Transcript): Cue[] => transcript.segments.flatMap(cuesOf);

function clock(seconds: number, decimal: string): string {
  const ms = Math.round(seconds * 1000);
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  const [hours, minutes, rest] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, ms % 60_000];
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(Math.floor(rest / 1000), 2)}${decimal}${pad(rest % 1000, 3)}`;
}

/** A line with `-->` would end a cue's text, and `&`, `<` start markup. */
const escapeVtt = (line: string): string =>
  line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function toVtt(transcript: Transcript): string {
  const cues = captionCues(transcript).map(
    (cue) =>
      `${clock(cue.start_s, '.')} --> ${clock(cue.end_s, '.')}\n${cue.lines.map(escapeVtt).join('\n')}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

export function toSrt(transcript: Transcript): string {
  const cues = captionCues(transcript).map(
    (cue, index) =>
      `${index + 1}\n${clock(cue.start_s, ',')} --> ${clock(cue.end_s, ',')}\n${cue.lines.join('\n')}\n`,
  );
  return cues.join('\n');
}
