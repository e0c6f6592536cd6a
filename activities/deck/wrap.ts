/** Breaks text into lines that fit a width. */
import type { Metrics, TextStyle } from './metrics';

/** Holds two words on one line. */
export const NO_BREAK_SPACE = '\u00a0';

/** Scripts without spaces, where a line may break between any two characters. */
const WIDE =
  /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])|(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/u;

/** White space but for the no-break space. */
const SPACES = /[ \t\r\n\f\v\u2000-\u200a\u3000]+/u;

export const wordsOf = (text: string): string[] => text.split(SPACES).filter(Boolean);

interface Piece {
  readonly text: string;
  readonly spaceBefore: boolean;
}

const piecesOf = (text: string): Piece[] =>
  wordsOf(text).flatMap((word) =>
    word.split(WIDE).map((part, index) => ({ text: part, spaceBefore: index === 0 })),
  );

/** Every program breaks a word that is wider than the line somewhere. */
function breakWord(word: string, style: TextStyle, maxWidth: number, metrics: Metrics): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part && metrics.width(part + character, style) > maxWidth) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/** Greedy, as office programs do it; they also break after hyphens, so they never need more lines. */
export function wrap(text: string, style: TextStyle, maxWidth: number, metrics: Metrics): string[] {
  const lines: string[] = [];
  for (const piece of piecesOf(text)) {
    const line = lines.at(-1);
    const longer = line === undefined ? piece.text : `${line}${piece.spaceBefore ? ' ' : ''}${piece.text}`;
    if (line !== undefined && metrics.width(longer, style) <= maxWidth) lines[lines.length - 1] = longer;
    else if (metrics.width(piece.text, style) <= maxWidth) lines.push(piece.text);
    else lines.push(...breakWord(piece.text, style, maxWidth, metrics));
  }
  return lines;
}

/** A last line of one short word looks forgotten, so its neighbour comes down with it. */
const SHORT_WORD = 12;

export function withoutOrphan(text: string, style: TextStyle, maxWidth: number, metrics: Metrics): string {
  const lines = wrap(text, style, maxWidth, metrics);
  const last = lines.at(-1) ?? '';
  if (lines.length < 2 || last.length > SHORT_WORD || wordsOf(last).length !== 1) return text;
  // A word that may not leave its neighbour would be broken at its hyphen.
  const joined = text.trimEnd().replace(/(?<!-\S*) (?=\S+$)/, NO_BREAK_SPACE);
  return wrap(joined, style, maxWidth, metrics).length === lines.length ? joined : text;
}

/** A clause's end is a better place to stop than the last word that fits, unless it loses too much. */
const CLAUSE_END = /[,;:.–—]$/u;
const WORTH_KEEPING = 0.6;

const ellipsis = (text: string): string => `${text.replace(/[\s,;:.–—-]+$/u, '')}…`;

/** Shortens text at a word's end, better a clause's, so that `fits` holds; cuts a word only if it is alone. */
export function clip(text: string, fits: (shorter: string) => boolean): string {
  if (fits(text)) return text;
  const words = wordsOf(text);
  const upTo = (count: number): string => ellipsis(words.slice(0, count).join(' '));
  let count = words.length - 1;
  while (count > 0 && !fits(upTo(count))) count--;
  if (count === 0) return clipWord(words[0] ?? '', fits);
  const clause = words.slice(0, count).findLastIndex((word) => CLAUSE_END.test(word)) + 1;
  const stop = clause >= count * WORTH_KEEPING ? clause : count;
  return fits(upTo(stop)) ? upTo(stop) : upTo(count);
}

function clipWord(word: string, fits: (shorter: string) => boolean): string {
  const characters = Array.from(word);
  while (characters.length > 1 && !fits(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('')}…`;
}
