/** Which sentences of a lecture to take: central ones that stand alone and do not repeat each other. */
import { lexRank, selectDiverse } from '../text/rank';
import { isRecap } from '../text/speech';
import type { KeyTerm } from '../text/terms';
import type { Section } from '../text/topics';
import { stemPhrase } from '../text/words';
import type { Statement } from './statements';

export interface Candidate {
  /** Of its statement. */
  readonly index: number;
  /** Index of the section in which it stands. */
  readonly section: number;
  readonly vector: Float32Array;
  /** How fit it is for a summary, whatever it stands beside. */
  readonly fitness: number;
  readonly score: number;
}

export interface Ranking {
  readonly statements: readonly Statement[];
  readonly vectors: readonly Float32Array[];
  readonly sections: readonly Section[];
  readonly terms: readonly KeyTerm[];
  readonly title: string;
}

/** Definitions are what a lecture is for, the title's own one above all; a recap is the speaker's own summary. */
const DEFINES = 1.3;
const DEFINES_TITLE = 2.5;
const RECAPS = 1.4;

/** Per section its sentences, the best first. */
export function rankSections({ statements, vectors, sections, terms, title }: Ranking): Candidate[][] {
  const defines = new Map<number, number>();
  for (const { term, sentence } of terms) {
    const isTitle = stemPhrase(title).includes(stemPhrase(term));
    defines.set(sentence, Math.max(defines.get(sentence) ?? 0, isTitle ? DEFINES_TITLE : DEFINES));
  }
  return sections.map(({ start, end }, section) => {
    const central = rankInBlocks(vectors.slice(start, end));
    const recaps = statements.slice(start, start + 2).some(({ text }) => isRecap(text));
    return statements
      .slice(start, end)
      .map(({ fitness: alone }, at): Candidate => {
        const index = start + at;
        const fitness = alone * (defines.get(index) ?? 1) * (recaps ? RECAPS : 1);
        return { index, section, vector: vectors[index]!, fitness, score: fitness * central[at]! };
      })
      .sort((a, b) => b.score - a.score);
  });
}

/** The sections' best, ranked against each other. */
export function rankAgain(candidates: readonly Candidate[]): Candidate[] {
  const central = rankInBlocks(candidates.map(({ vector }) => vector));
  return candidates.map((candidate, at) => ({ ...candidate, score: candidate.fitness * central[at]! }));
}

/** Sentences whose likenesses are held in memory at once. */
const BLOCK = 400;

/** LexRank, on average 1. */
function rankInBlocks(vectors: readonly Float32Array[]): number[] {
  const blocks = Array.from({ length: Math.ceil(vectors.length / BLOCK) }, (_, block) =>
    vectors.slice(block * BLOCK, (block + 1) * BLOCK),
  );
  return blocks.flatMap((block) => lexRank(block).map((score) => score * block.length));
}

/** In the lecture's order. With `perSection` no section gets more, unless there are too few of them. */
export function choose(
  candidates: readonly Candidate[],
  count: number,
  { perSection = Infinity }: { perSection?: number } = {},
): Candidate[] {
  const order = selectDiverse({
    vectors: candidates.map(({ vector }) => vector),
    scores: candidates.map(({ score }) => score),
    count: candidates.length,
  }).map((at) => candidates[at]!);
  const taken = new Map<number, number>();
  const isWelcome = ({ section }: Candidate): boolean => {
    taken.set(section, (taken.get(section) ?? 0) + 1);
    return taken.get(section)! <= perSection;
  };
  const welcome = order.filter(isWelcome);
  const spare = order.filter((candidate) => !welcome.includes(candidate));
  return [...welcome, ...spare].slice(0, count).sort((a, b) => a.index - b.index);
}
