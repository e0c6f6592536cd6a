/** Words, and the ones that carry no meaning of their own. */

const WORD = /[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu;
/** Scripts without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const CHARACTERS_PER_WORD = 2;

export const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** Good enough to measure by, in any script; `Intl.Segmenter` takes seconds for a long lecture. */
export function countWords(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const spaced = unspaced === 0 ? text : text.replace(UNSPACED, ' ');
  return wordsOf(spaced).length + Math.ceil(unspaced / CHARACTERS_PER_WORD);
}

/** Singular and lower case, which is what English terms differ by: Harman's S-stemmer. */
export function stem(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/, '');
  if (/[^ae]ies$/.test(lower)) return `${lower.slice(0, -3)}y`;
  if (/(?:ch|sh|x|ss|zz)es$/.test(lower)) return lower.slice(0, -2);
  if (/[^aeous]es$|[^suei]s$|[aeo]es$/.test(lower) && lower.length > 3) return lower.slice(0, -1);
  return lower;
}

export const stemPhrase = (phrase: string): string => wordsOf(phrase).map(stem).join(' ');

export const speaksEnglish = (language: string): boolean => /^en\b/i.test(language);
