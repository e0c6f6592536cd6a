/** Which sentences stand for the others: LexRank (Erkan and Radev, 2004) and MMR (Carbonell and Goldstein, 1998). */

export interface LexRankOptions {
  /** Sentences less alike than this are not linked. */
  readonly threshold?: number;
  readonly damping?: number;
  /** The iteration ends when all scores together move by less. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Of vectors of length one; a missing element counts as zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let index = 0; index < a.length; index++) product += a[index]! * (b[index] ?? 0);
  return product;
}

/**
 * One score per vector, together 1: how often a reader who jumps between similar sentences would be at each.
 * It holds a matrix of n × n, so long texts are ranked in parts.
 */
export function lexRank(vectors: readonly Float32Array[], options: LexRankOptions = {}): number[] {
  const { threshold = 0.3, damping = 0.85, tolerance = 1e-6, maxIterations = 200 } = options;
  const count = vectors.length;
  const links = transitions(vectors, threshold);
  let scores = new Float64Array(count).fill(1 / count);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const next = step(links, scores, damping);
    const moved = next.reduce((sum, score, index) => sum + Math.abs(score - scores[index]!), 0);
    scores = next;
    if (moved < tolerance) break;
  }
  return [...scores];
}

/** Row `i` holds the chances to go from `i` to each other; a sentence like no other stays where it is. */
function transitions(vectors: readonly Float32Array[], threshold: number): Float64Array[] {
  const rows = vectors.map(() => new Float64Array(vectors.length));
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) {
      const similarity = cosine(vectors[i]!, vectors[j]!);
      if (similarity >= threshold) rows[i]![j] = rows[j]![i] = similarity;
    }
  }
  rows.forEach((row, index) => {
    const total = row.reduce((sum, link) => sum + link, 0);
    if (total === 0) row[index] = 1;
    else row.forEach((link, other) => (row[other] = link / total));
  });
  return rows;
}

function step(links: readonly Float64Array[], scores: Float64Array, damping: number) {
  const next = new Float64Array(scores.length).fill((1 - damping) / scores.length);
  links.forEach((row, from) => {
    for (let to = 0; to < row.length; to++) next[to]! += damping * scores[from]! * row[to]!;
  });
  return next;
}

export interface Selection {
  readonly vectors: readonly Float32Array[];
  /** Any scale; a score of zero or less is never picked. */
  readonly scores: readonly number[];
  readonly count: number;
  /** 1 asks only for relevance, 0 only for difference from what is already picked. */
  readonly lambda?: number;
  /** Said already elsewhere: picks should differ from these too. */
  readonly said?: readonly Float32Array[];
}

/** Maximal marginal relevance: indices in the order in which they were picked. */
export function selectDiverse({ vectors, scores, count, lambda = 0.7, said = [] }: Selection): number[] {
  const highest = Math.max(...scores, Number.MIN_VALUE);
  const closest = vectors.map((vector) => Math.max(0, ...said.map((other) => cosine(vector, other))));
  const left = new Set([...vectors.keys()].filter((index) => scores[index]! > 0));
  const picked: number[] = [];
  while (picked.length < count && left.size > 0) {
    const gain = (index: number) => (lambda * scores[index]!) / highest - (1 - lambda) * closest[index]!;
    const best = [...left].reduce((a, b) => (gain(b) > gain(a) ? b : a));
    picked.push(best);
    left.delete(best);
    for (const index of left) {
      closest[index] = Math.max(closest[index]!, cosine(vectors[index]!, vectors[best]!));
    }
  }
  return picked;
}
