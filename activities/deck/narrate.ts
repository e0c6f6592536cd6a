/** What the narration says: the source's own sentences, each at most once in a deck. */
import type { Passage } from '../../domain/passage';
import { asSentence, countWords, isChatter, overlap, sentenceKey, sentencesOf } from './sentences';

export interface Narrated {
  readonly text: string;
  readonly passages: readonly string[];
}

/** At 150 words a minute: about 22 s and 45 s. */
const ENOUGH_WORDS = 55;
export const MOST_WORDS = 112;

const ALIKE = 0.7;
const LEAST_SENTENCE_WORDS = 5;

/** A sentence that leans on the one before it cannot be told alone. */
const LEANS_BACK =
  /^(?:and|but|so|or|then|it|its|they|their|them|this|that|these|those|he|she|here|there|such|also)\b/iu;

interface Told {
  readonly text: string;
  readonly passage: string;
  /** Position in the source. */
  readonly at: number;
}

const isTellable = (text: string): boolean =>
  /^["“'(]?[\p{Lu}\p{N}\p{Lo}]/u.test(text) &&
  /[.!?…]["”')]*$/u.test(text) &&
  countWords(text) >= LEAST_SENTENCE_WORDS;

export interface Narrator {
  /** Tells the statements in the order of the source, with what the source says around them when they are few. */
  tell(statements: readonly { text: string; passages: readonly string[] }[]): Narrated;
  /** Those sentences that nobody has told yet; they count as told from now on. */
  untold(sentences: readonly string[]): string[];
}

/** `reserved` sentences belong to a slide of their own and fill no gap elsewhere. */
export function createNarrator(
  passages: readonly Passage[],
  reserved: readonly string[],
  language: string,
): Narrator {
  const told = new Set<string>();
  const kept = new Set(reserved.flatMap((text) => sentencesOf(text, language)).map(sentenceKey));
  const source: Told[] = passages
    .flatMap(({ id, text }) =>
      sentencesOf(text, language).map((sentence) => ({ text: sentence, passage: id })),
    )
    .map((sentence, at) => ({ ...sentence, at }));

  const claim = (sentence: string): boolean => {
    const key = sentenceKey(sentence);
    if (key === '' || told.has(key)) return false;
    told.add(key);
    return true;
  };

  /** Where the source says it; a paraphrase keeps its place after the statement before it. */
  const place = (text: string, within: readonly string[], after: number): Told => {
    const near = source.filter(({ passage }) => within.includes(passage));
    const same = near.find((sentence) => overlap(sentence.text, text) >= ALIKE);
    return { text, passage: within[0] ?? '', at: same?.at ?? Math.max(after, near[0]?.at ?? after) };
  };

  const fill = (chosen: readonly Told[], within: readonly string[]): Told[] => {
    const all = [...chosen];
    const words = () => all.reduce((sum, { text }) => sum + countWords(text), 0);
    for (const candidate of source.filter(({ passage }) => within.includes(passage))) {
      if (words() >= ENOUGH_WORDS) break;
      const { text, at } = candidate;
      const follows = all.some((one) => one.at === at - 1);
      const isNew = !kept.has(sentenceKey(text)) && all.every((one) => overlap(one.text, text) < ALIKE);
      const suits = isTellable(text) && !isChatter(text) && (follows || !LEANS_BACK.test(text));
      if (suits && isNew && words() + countWords(text) <= MOST_WORDS && claim(text)) all.push(candidate);
    }
    return all;
  };

  return {
    tell(statements) {
      const within = [...new Set(statements.flatMap((statement) => statement.passages))];
      const chosen: Told[] = [];
      for (const statement of statements) {
        for (const sentence of sentencesOf(statement.text, language).map(asSentence)) {
          const before = chosen.at(-1)?.at ?? -1;
          if (claim(sentence)) chosen.push(place(sentence, statement.passages, before));
        }
      }
      const all = fill(chosen, within).sort((a, b) => a.at - b.at);
      return { text: all.map(({ text }) => text).join(' '), passages: within };
    },
    untold: (sentences) => sentences.map(asSentence).filter(claim),
  };
}
