/** Sentences and words of running text, and how alike two of them are. */

import { LIGHT_WORDS } from './vocabulary';

/** After these a full stop ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|etc|approx|ca|Fig|No|Vol|z\.B|bzw|d\.h)\.\s*$/u;

/** In order, with their punctuation. */
export function sentencesOf(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const sentences: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const before = sentences.at(-1);
    if (before !== undefined && ABBREVIATION.test(before)) sentences[sentences.length - 1] = before + segment;
    else sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.replace(/\s+/gu, ' ').trim()).filter(Boolean);
}

export const countWords = (text: string): number => text.split(/\s+/u).filter(Boolean).length;

const CHATTER =
  /^(?:(?:okay|ok|so|well|now|right|and),?\s+)*(?:let's|let us|let’s|welcome|hello|good (?:morning|afternoon|evening)|thank you|thanks|any questions|see you|today,? (?:we|i)\b|in (?:this|today's) (?:lecture|lesson|video|class)|i know)/iu;

/** About the lesson instead of its topic. English only. */
export const isChatter = (sentence: string): boolean => CHATTER.test(sentence);

/** Equal for sentences that differ in case, spacing or punctuation alone. */
export const sentenceKey = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

const contentWords = (text: string): Set<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);

/** Share of the shorter one's words that the longer one has too, 0 to 1. */
export function overlap(one: string, other: string): number {
  const [fewer, more] = [contentWords(one), contentWords(other)].sort((a, b) => a.size - b.size) as [
    Set<string>,
    Set<string>,
  ];
  return fewer.size === 0 ? 0 : [...fewer].filter((word) => more.has(word)).length / fewer.size;
}

export const capitalise = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Lower-cases a text's first word where the corpus shows that it is no name: it stands there in lower case. */
export function lowerWithin(corpus: readonly string[]): (text: string) => string {
  const seen = new Set(corpus.flatMap((text) => text.match(/[\p{L}\p{N}]+/gu) ?? []));
  return (text) => {
    const first = /^\p{Lu}\p{Ll}*(?![\p{L}\p{N}])/u.exec(text)?.[0] ?? '';
    const word = first.toLowerCase();
    return seen.has(word) || LIGHT_WORDS.has(word) ? word + text.slice(first.length) : text;
  };
}

/** As spoken: a capital first, a full stop last. */
export const asSentence = (text: string): string => {
  const trimmed = text.trim();
  return capitalise(/[.!?…]["'”’)]*$/u.test(trimmed) ? trimmed : `${trimmed.replace(/[,;:]$/u, '')}.`);
};

/** Consecutive groups of nearly the same length, none longer than `max`. */
export function balanced<T>(items: readonly T[], max: number): T[][] {
  const groups = Math.ceil(items.length / max);
  const size = Math.ceil(items.length / Math.max(1, groups));
  return Array.from({ length: groups }, (_, index) => items.slice(index * size, (index + 1) * size));
}
