/** A lecture's sentences as candidates for its summary. */
import type { Passage } from '../../domain/passage';
import { sentencesOfText } from '../text/sentences';
import { cleanSentence, standsAlone, withoutSignpost } from '../text/speech';

export interface Statement {
  /** The sentence without its fillers. */
  readonly said: string;
  /** And without "to sum up" and the like: how it goes into a summary. */
  readonly text: string;
  /** Ids of the passages in which it stands. */
  readonly passages: readonly string[];
  /** How well it would stand alone; zero: never. */
  readonly fitness: number;
}

/** Each sentence once, though neighbouring passages repeat some. */
export function statementsOf(passages: readonly Passage[], language: string): Statement[] {
  const said: { text: string; passages: string[] }[] = [];
  for (const { id, text } of passages) {
    const texts = sentencesOfText(text, language).map((sentence) => sentence.text);
    const shared = overlap(said, texts);
    said.slice(said.length - shared).forEach((sentence) => sentence.passages.push(id));
    said.push(...texts.slice(shared).map((sentence) => ({ text: sentence, passages: [id] })));
  }
  return said.flatMap((sentence) => {
    const cleaned = cleanSentence(sentence.text, language);
    if (!/[\p{L}\p{N}]/u.test(cleaned)) return [];
    const text = withoutSignpost(cleaned, language);
    return [{ said: cleaned, text, passages: sentence.passages, fitness: standsAlone(text, language) }];
  });
}

/** More sentences than two passages ever share. */
const MOST_SHARED = 4;

/** How many sentences at the end of what was said are the next passage's first ones. */
function overlap(said: readonly { text: string }[], next: readonly string[]): number {
  for (let count = Math.min(MOST_SHARED, said.length, next.length); count > 0; count--) {
    const tail = said.slice(-count);
    if (tail.every(({ text }, index) => text === next[index])) return count;
  }
  return 0;
}
