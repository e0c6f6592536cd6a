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

interface Line {
  readonly text: string;
  readonly width: number;
}

/** Every program breaks a word that is wider than the line somewhere. */
function breakWord(word: string, maxWidth: number, widthOf: (text: string) => number): Line[] {
  const parts: Line[] = [];
  let part: Line = { text: '', width: 0 };
  for (const character of word.normalize('NFC')) {
    const width = widthOf(character);
    if (part.text && part.width + width > maxWidth) {
      parts.push(part);
      part = { text: '', width: 0 };
    }
    part = { text: part.text + character, width: part.width + width };
  }
  return [...parts, part];
}

/** Greedy, as office programs do it; they also break after hyphens, so they never need more lines. */
export function wrap(text: string, style: TextStyle, maxWidth: number, metrics: Metrics): string[] {
  const widthOf = (part: string) => metrics.width(part, style);
  const space = widthOf(' ');
  const lines: Line[] = [];
  for (const { text: word, spaceBefore } of piecesOf(text)) {
    const line = lines.at(-1);
    const width = widthOf(word);
    const gap = spaceBefore ? space : 0;
    if (line && line.width + gap + width <= maxWidth) {
      lines[lines.length - 1] = {
        text: `${line.text}${spaceBefore ? ' ' : ''}${word}`,
        width: line.width + gap + width,
      };
    } else if (width <= maxWidth) lines.push({ text: word, width });
    else lines.push(...breakWord(word, maxWidth, widthOf));
  }
  return lines.map((line) => line.text);
}

/** A last line of one short word looks forgotten, so its neighbour comes down with it. */
const SHORT_WORD = 12;

export function withoutOrphan(text: string, style: TextStyle, maxWidth: number, metrics: Metrics): string {
  const lines = wrap(text, style, maxWidth, metrics);
  const last = lines.at(-1) ?? '';
  if (lines.length < 2 || last.length > SHORT_WORD || wordsOf(last).length !== 1) return text;
  // A word that may not leave its neighbour would be broken at its hyphen.
  const joined = text.trimEnd().replace(/(?<!-\S*) (?=\S+$)/, NO_BREAK_SPACE);
  const pair = wordsOf(joined).at(-1) ?? '';
  const staysWhole = metrics.width(pair, style) <= maxWidth;
  return staysWhole && wrap(joined, style, maxWidth, metrics).length === lines.length ? joined : text;
}

/** A clause's end is a better place to stop than the last word that fits, unless it loses too much. */
const CLAUSE_END = /[,;:.–—]$/u;
const WORTH_KEEPING = 0.6;

const ellipsis = (text: string): string => `${text.replace(/[\s,;:.–—-]+$/u, '')}…`;

/** The most items, at least `least`, of which `fits` still holds; it holds of fewer when it holds of more. */
function most(count: number, least: number, fits: (count: number) => boolean): number {
  let [low, high] = [least, count];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Shortens text at a word's end, better a clause's, so that `fits` holds; cuts a word only if it is alone. */
export function clip(text: string, fits: (shorter: string) => boolean): string {
  if (fits(text)) return text;
  const words = wordsOf(text);
  const upTo = (count: number): string => ellipsis(words.slice(0, count).join(' '));
  const count = most(words.length - 1, 0, (some) => fits(upTo(some)));
  if (count <= 0) return clipWord(words[0] ?? '', fits);
  const clause = words.slice(0, count).findLastIndex((word) => CLAUSE_END.test(word)) + 1;
  const stop = clause >= count * WORTH_KEEPING ? clause : count;
  return fits(upTo(stop)) ? upTo(stop) : upTo(count);
}

function clipWord(word: string, fits: (shorter: string) => boolean): string {
  const characters = Array.from(word);
  const upTo = (count: number): string => `${characters.slice(0, count).join('')}…`;
  return upTo(most(characters.length, 1, (some) => fits(upTo(some))));
}
