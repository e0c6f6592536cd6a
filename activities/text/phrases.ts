/** Noun phrases that a text is about, without a tagger: runs between stop words and verbs, as in RAKE, counted. */
import { BREAKERS, GENERIC, MEASURES, QUALITIES, STOP_WORDS } from './english';
import { stem, stemPhrase, wordsOf } from './words';

export interface Phrase {
  /** As it is written most often inside a sentence. */
  readonly text: string;
  /** Stems, the same for all its forms. */
  readonly key: string;
  readonly count: number;
  readonly score: number;
}

const MAX_WORDS = 3;
/** A new run begins at any of these. */
const BREAK = /[,.;:!?()"“”–—]+|\s-\s/;
/** "We call these pieces plates": two nouns side by side, and no phrase. */
const NAMING = /\bcall(?:ed|s)? (?:this|that|these|those) [\p{L}-]+(?= \p{L})/giu;
/** They stand before nouns: one such sight is what proves a phrase to be one. */
const BEFORE_NOUN = new Set(
  'a an the this these those that of in into from on by as called with without between some any more its their our and or to for through one two three four five six seven eight nine ten'.split(
    ' ',
  ),
);

interface Sight {
  readonly text: string;
  readonly isProven: boolean;
}

/** The best first. Longer phrases weigh more than the single words in them. */
export function keyPhrases(sentences: readonly string[]): Phrase[] {
  const byKey = new Map<string, Sight[]>();
  for (const sight of sentences.flatMap(sightsIn)) {
    const key = stemPhrase(sight.text);
    byKey.set(key, [...(byKey.get(key) ?? []), sight]);
  }
  return [...byKey]
    .filter(([, sights]) => sights.some(({ isProven }) => isProven))
    .map(([key, sights]) => ({
      key,
      text: commonForm(sights),
      count: sights.length,
      score: weight(key, sights.length),
    }))
    .sort((a, b) => b.score - a.score || a.key.localeCompare(b.key));
}

function weight(key: string, count: number): number {
  const words = key.split(' ');
  const isGeneric = words.every((word) => GENERIC.has(word));
  return count * (1 + 0.6 * (words.length - 1)) * (isGeneric ? 0.2 : 1);
}

/** Every run of content words, and the shorter runs that end it: "condensed water vapour", "water vapour". */
function sightsIn(sentence: string): Sight[] {
  const sights: Sight[] = [];
  for (const part of sentence.replace(NAMING, '$&, ').split(BREAK)) {
    let run: string[] = [];
    let before = '';
    for (const word of [...wordsOf(part), '']) {
      if (isContent(word)) {
        run.push(word);
        continue;
      }
      sights.push(...suffixesOf(run, BEFORE_NOUN.has(before)));
      run = [];
      before = word.toLowerCase();
    }
  }
  return sights;
}

function suffixesOf(run: readonly string[], isProven: boolean): Sight[] {
  const verb = run.findLastIndex((word) => !PAST.test(word)) + 1;
  if (verb < run.length) return suffixesOf(run.slice(0, verb), isProven);
  if (run.length > MAX_WORDS + 1) return [];
  return run.map((_, from) => ({ text: run.slice(from).join(' '), isProven })).slice(-MAX_WORDS);
}

/** Where a run ends on one, it is the verb: "the price doubled". */
const PAST = /^\p{L}{2,}[^e\P{L}]ed$/u;

function isContent(word: string): boolean {
  const lower = word.toLowerCase();
  const isWord = /\p{L}{2}/u.test(word) && !/[^aeiou]ly$/.test(lower);
  return isWord && !STOP_WORDS.has(lower) && !BREAKERS.has(lower);
}

function commonForm(sights: readonly Sight[]): string {
  const counts = new Map<string, number>();
  for (const { text } of sights) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || capitals(a) - capitals(b))[0]![0];
}

const capitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0;

/** The phrase with the words that most often stand before it: "plant" → "tomato plant". */
export function widened(phrase: Phrase, phrases: readonly Phrase[]): string {
  if (phrase.key.includes(' ')) return phrase.text;
  const isName = ({ key, text, count }: Phrase) =>
    key.endsWith(` ${phrase.key}`) && (count > 1 || !describes(text.split(' ')[0]!));
  return phrases.find(isName)?.text ?? phrase.text;
}

/** Whether the word only says how something is: "thick soup", "moving soup". */
const describes = (word: string): boolean =>
  QUALITIES.has(word.toLowerCase()) || /(?:ing|[^e]ed|ous|ful|less|able|ible)$/.test(word);

/** Whether it could be the name of something: a noun at its end, and not only words like "part" or "inch". */
export function isNamelike({ text, key }: Phrase): boolean {
  const words = text.split(' ');
  const last = words.at(-1)!;
  return (
    !QUALITIES.has(last.toLowerCase()) &&
    !key.split(' ').every((word) => GENERIC.has(word) || MEASURES.has(word))
  );
}

/** Whether one phrase's words are all in the other. */
export function isWithin(inner: string, outer: string): boolean {
  const words = new Set(wordsOf(outer).map(stem));
  return wordsOf(inner).every((word) => words.has(stem(word)));
}
