/** Buckets for each direction: eight exact distances, then eight that widen up to `FAR` tokens. */
const PER_DIRECTION = 16;
const EXACT = 8;
const FAR = 128;

/** MPNet's relative position of one token to another (T5's scheme), as the index of a learnt bias. */
export function bucketOf(distance: number): number {
  const away = Math.abs(distance);
  const side = distance > 0 ? PER_DIRECTION : 0;
  if (away < EXACT) return side + away;
  const widening = Math.floor((Math.log(away / EXACT) / Math.log(FAR / EXACT)) * (PER_DIRECTION - EXACT));
  return side + Math.min(PER_DIRECTION - 1, EXACT + widening);
}

/** The buckets of every pair in a text of `length` tokens, by flat index: from each row's token to each column's. */
export function relativeBuckets(length: number): (index: number) => number {
  return (index) => bucketOf((index % length) - Math.floor(index / length));
}
