/** A lecture's sentences as candidates for its summary. */
import type { Passage } from '../../domain/passage';
import { mistaken } from '../text/claims';
import { sentencesOfText, type Sentence } from '../text/sentences';
import { cleanSentence, standsAlone, withoutSignpost } from '../text/speech';
import { countWords } from '../text/words';

export interface Statement {
  /** The sentence without its fillers. */
  readonly said: string;
  /** And without "to sum up" and the like: how it goes into a summary. */
  readonly text: string;
  /** Ids of the passages in which it stands. */
  readonly passages: readonly string[];
  /** A document's line above what follows: never a point, but a title. */
  readonly isHeading: boolean;
  /** How well it would stand alone; zero: never. */
  readonly fitness: number;
}

interface Said {
  readonly text: string;
  readonly isHeading: boolean;
  readonly passages: string[];
}

/** Each sentence once, though neighbouring passages repeat some. */
export function statementsOf(passages: readonly Passage[], language: string): Statement[] {
  const said: Said[] = [];
  for (const { id, text } of passages) {
    const sentences = sentencesOfText(text, language);
    const shared = overlap(said, sentences);
    said.slice(said.length - shared).forEach((sentence) => sentence.passages.push(id));
    sentences.forEach((sentence, at) => {
      if (at < shared) return;
      said.push({ text: sentence.text, isHeading: isHeading(sentences, at), passages: [id] });
    });
  }
  return withoutMistakes(
    said.flatMap((sentence) => statementOf(sentence, language)),
    language,
  );
}

/** What people wrongly believe is true of people only. */
function withoutMistakes(statements: readonly Statement[], language: string): Statement[] {
  const isMistaken = mistaken(
    statements.map(({ said }) => said),
    language,
  );
  return statements.map((one, at) => (isMistaken[at] ? { ...one, fitness: 0 } : one));
}

/** None where the sentence holds no word. */
function statementOf({ text: raw, isHeading, passages }: Said, language: string): Statement[] {
  const said = cleanSentence(raw.replace(/^#+\s+/, ''), language);
  if (!/[\p{L}\p{N}]/u.test(said)) return [];
  const text = withoutSignpost(said, language);
  return [{ said, text, passages, isHeading, fitness: isHeading ? 0 : standsAlone(text, language) }];
}

/** Words. */
const LONGEST_HEADING = 10;

/** A short line of its own, without a full stop, with more below it. */
function isHeading(sentences: readonly Sentence[], at: number): boolean {
  const { text, opens_block } = sentences[at]!;
  const isAlone = (at === 0 || opens_block) && sentences[at + 1]?.opens_block;
  const isTitle = !/^[-*•–]|[.!?…:;,]$/.test(text) && countWords(text) <= LONGEST_HEADING;
  return Boolean(isAlone) && isTitle;
}

/** More sentences than two passages ever share. */
const MOST_SHARED = 4;

/** How many sentences at the end of what was said are the next passage's first ones. */
function overlap(said: readonly Said[], next: readonly Sentence[]): number {
  for (let count = Math.min(MOST_SHARED, said.length, next.length); count > 0; count--) {
    const tail = said.slice(-count);
    if (tail.every(({ text }, index) => text === next[index]?.text)) return count;
  }
  return 0;
}
