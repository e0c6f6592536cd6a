/** Which sentences of a lecture to take: central ones that stand alone and do not repeat each other. */
import { isWithin } from '../text/phrases';
import { lexRank, selectDiverse } from '../text/rank';
import type { Part } from '../text/speech';
import type { KeyTerm } from '../text/terms';
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
  readonly title: string;
}

/** How much more each is worth, in the abstract and among the points. */
const IN_ABSTRACT: Record<Role, number> = {
  subject: 4,
  recap: 2,
  introduction: 1.3,
  definition: 1.3,
  example: 0.3,
  body: 1,
};
const AS_POINT: Record<Role, number> = {
  subject: 2,
  recap: 1.2,
  introduction: 1,
  definition: 1.5,
  example: 0.5,
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
      .map(({ fitness }, at): Candidate => {
        const index = start + at;
        const role = roles[index]!;
        const score = fitness * central[at]! * AS_POINT[role];
        return { index, section, vector: vectors[index]!, fitness, role, score };
      })
      .sort((a, b) => b.score - a.score);
  });
}

function rolesOf({ sections, terms, title }: Ranking): Role[] {
  const roles = sections.flatMap(({ start, end, part }) => new Array<Role>(end - start).fill(part));
  for (const { term, sentence } of terms) {
    const isSubject = isWithin(term, title) || roles[sentence] === 'subject';
    roles[sentence] = isSubject ? 'subject' : 'definition';
  }
  return roles;
}

/** Few sentences for the whole: the subject, what is central, the speaker's own recap. */
export function chooseAbstract(finalists: readonly Candidate[], count: number): Candidate[] {
  return choose(rankAgain(finalists, IN_ABSTRACT), count, { perSection: 2 });
}

/** What to remember; other sentences than the abstract's, where there are enough. */
export function chooseKeyPoints(
  finalists: readonly Candidate[],
  count: number,
  abstract: readonly Candidate[],
): Candidate[] {
  const said = new Set(abstract.map(({ index }) => index));
  const fresh = finalists.filter(({ index }) => !said.has(index));
  return choose(rankAgain(fresh.length >= count ? fresh : finalists, AS_POINT), count, { perSection: 2 });
}

/** Below this a sentence is not worth a place that nobody asked to fill. */
const FIT = 0.5;

/** Never without need: questions, what is said to the room. */
const UNFIT = 0.12;

/** Half of a section, but only sentences that stand alone, unless there are too few of those. */
export function choosePoints(
  section: readonly Candidate[],
  { least, most }: { least: number; most: number },
) {
  const count = Math.min(most, Math.max(least, Math.round(section.length / 2)));
  const above = (bar: number) => section.filter(({ fitness, role }) => fitness >= bar || role === 'subject');
  const [fit, usable] = [above(FIT), above(UNFIT)];
  if (fit.length >= least) return choose(fit, count);
  return choose(usable.length > 0 ? usable : section, least);
}

/** Sections' best sentences, ranked against each other. */
function rankAgain(candidates: readonly Candidate[], worth: Record<Role, number>): Candidate[] {
  const central = rankInBlocks(candidates.map(({ vector }) => vector));
  return candidates.map((candidate, at) => {
    const { fitness, role } = candidate;
    return {
      ...candidate,
      score: Math.max(fitness, role === 'subject' ? FIT : 0) * central[at]! * worth[role],
    };
  });
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
