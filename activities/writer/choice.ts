/** Which sentences of a lecture to take: central ones that stand alone and do not repeat each other. */
import { isWithin } from '../text/phrases';
import { lexRank, selectDiverse } from '../text/rank';
import type { Part } from '../text/speech';
import type { KeyTerm } from '../text/terms';
import { wordsOf } from '../text/words';
import type { LectureSection } from './sections';
import type { Statement } from './statements';

export interface Candidate {
  /** Of its statement. */
  readonly index: number;
  /** Index of the section in which it stands. */
  readonly section: number;
  readonly vector: Float32Array;
  /** How well it would stand alone. */
  readonly fitness: number;
  /** A definition inside an announcement: "Today we look at rain, which is …". */
  readonly isAnnounced: boolean;
  /** What it does in the lecture. */
  readonly role: Role;
  readonly score: number;
}

/** `subject` says what the lecture is about; `definition` defines another term; a recap is the speaker's own summary. */
type Role = 'subject' | 'definition' | Part;

export interface Ranking {
  readonly statements: readonly Statement[];
  readonly vectors: readonly Float32Array[];
  readonly sections: readonly LectureSection[];
  readonly terms: readonly KeyTerm[];
  /** The lecture's names: as its owner calls it, as the speaker does. */
  readonly names: readonly string[];
}

/** How much more each is worth, in the abstract and among the points. */
const IN_ABSTRACT: Record<Role, number> = {
  subject: 4,
  recap: 2.5,
  introduction: 1.3,
  definition: 1,
  example: 0.3,
  mistake: 0.7,
  body: 1,
};
const AS_POINT: Record<Role, number> = {
  subject: 2,
  recap: 1.2,
  introduction: 1,
  definition: 1.5,
  example: 0.5,
  mistake: 0.9,
  body: 1,
};

/** Per section its sentences, the best first. */
export function rankSections(ranking: Ranking): Candidate[][] {
  const { statements, vectors, sections } = ranking;
  const roles = rolesOf(ranking);
  return sections.map(({ start, end }, section) => {
    const central = rankInBlocks(vectors.slice(start, end));
    return statements
      .slice(start, end)
      .map((statement, at): Candidate => {
        const index = start + at;
        const role = roles[index]!;
        const fitness = Math.max(statement.fitness, LEAST_FIT[role] ?? 0);
        const score = fitness * central[at]! * AS_POINT[role];
        const isAnnounced = fitness > 0 && statement.fitness === 0;
        return { index, section, vector: vectors[index]!, fitness, isAnnounced, role, score };
      })
      .sort((a, b) => b.score - a.score);
  });
}

function rolesOf({ sections, terms, names }: Ranking): Role[] {
  const roles = sections.flatMap(({ start, end, part }) => new Array<Role>(end - start).fill(part));
  for (const { sentence } of terms) roles[sentence] = 'definition';
  const subject = subjectAmong(terms, names);
  if (subject) roles[subject.sentence] = 'subject';
  return roles;
}

/** The term that is most of the lecture's name: "plate tectonics" rather than "plate". */
function subjectAmong(terms: readonly KeyTerm[], names: readonly string[]): KeyTerm | undefined {
  const named = terms.filter(({ term }) => names.some((name) => isWithin(term, name)));
  return [...named].sort((a, b) => wordsOf(b.term).length - wordsOf(a.term).length)[0];
}

/** Per section the sentences that the whole may choose among; the subject's definition always. */
export function finalistsAmong(ranked: readonly (readonly Candidate[])[], perSection: number): Candidate[] {
  return ranked.flatMap((section) => {
    const others = section.filter(({ role }) => role !== 'subject');
    return [...section.filter(({ role }) => role === 'subject'), ...choose(others, perSection)];
  });
}

/** Few sentences for the whole: the subject, what is central, the speaker's own recap. */
export function chooseAbstract(finalists: readonly Candidate[], count: number): Candidate[] {
  return subjectFirst(rankAgain(finalists, IN_ABSTRACT), count);
}

/** What to remember: the subject again, and other sentences than the abstract's, where there are enough. */
export function chooseKeyPoints(
  finalists: readonly Candidate[],
  count: number,
  abstract: readonly Candidate[],
): Candidate[] {
  const said = new Set(abstract.filter(({ role }) => role !== 'subject').map(({ index }) => index));
  const plain = finalists.filter(({ isAnnounced }) => !isAnnounced);
  const fresh = plain.filter(({ index }) => !said.has(index));
  const isEnough = fresh.filter(({ fitness }) => fitness >= FIT).length >= count;
  return subjectFirst(rankAgain(isEnough ? fresh : plain, AS_POINT), count);
}

/** The subject's definition, then the others in the lecture's order; what does not stand alone only in need. */
function subjectFirst(candidates: readonly Candidate[], count: number): Candidate[] {
  const subject = candidates.filter(({ role }) => role === 'subject').slice(0, count);
  const others = candidates.filter(({ role }) => role !== 'subject');
  const fit = others.filter(({ fitness }) => fitness >= FIT);
  const wanted = count - subject.length;
  const pool = fit.length >= Math.min(wanted, FEW) ? fit : others;
  return [...subject, ...choose(pool, wanted, { perSection: 2, said: subject.map(({ vector }) => vector) })];
}

/** Below this a sentence is not worth a place that nobody asked to fill. */
const FIT = 0.5;
/** So many that stand alone are enough. */
const FEW = 3;

/** What a definition is worth even where it is part of an announcement. */
const LEAST_FIT: Partial<Record<Role, number>> = { subject: FIT, definition: 0.3 };

/** Never without need: what is said to the room. */
const UNFIT = 0.12;

/** More than half of a section, but only sentences that stand alone, unless there are too few of those. */
export function choosePoints(
  section: readonly Candidate[],
  { least, most }: { least: number; most: number },
) {
  const count = Math.min(most, Math.max(least, Math.ceil(section.length * 0.6)));
  const above = (bar: number) => section.filter(({ fitness }) => fitness >= bar);
  const fit = above(FIT);
  return fit.length >= least ? choose(fit, count) : choose(above(UNFIT), least);
}

/** Sections' best sentences, ranked against each other. */
function rankAgain(candidates: readonly Candidate[], worth: Record<Role, number>): Candidate[] {
  const central = rankInBlocks(candidates.map(({ vector }) => vector));
  return candidates.map((candidate, at) => ({
    ...candidate,
    score: candidate.fitness * central[at]! * worth[candidate.role],
  }));
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

interface Limits {
  /** No section gets more, unless there are too few of them. */
  readonly perSection?: number;
  /** What is said already. */
  readonly said?: readonly Float32Array[];
}

/** In the lecture's order. */
export function choose(
  candidates: readonly Candidate[],
  count: number,
  { perSection = Infinity, said = [] }: Limits = {},
): Candidate[] {
  const order = selectDiverse({
    vectors: candidates.map(({ vector }) => vector),
    scores: candidates.map(({ score }) => score),
    count: candidates.length,
    said,
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
