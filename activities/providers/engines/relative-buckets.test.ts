import { bucketOf, relativeBuckets } from './relative-buckets';

it('is exact for near tokens and coarse for far ones, in both directions', () => {
  expect([0, -1, -7, 1, 7].map(bucketOf)).toEqual([0, 1, 7, 17, 23]);
  expect([-8, -16, -127, -128, -1000].map(bucketOf)).toEqual([8, 10, 15, 15, 15]);
  expect(bucketOf(1000)).toBe(31);
});

it('covers every pair of tokens', () => {
  const bucketAt = relativeBuckets(3);
  const buckets = Array.from({ length: 9 }, (_, index) => bucketAt(index));
  expect(buckets).toEqual([0, 17, 18, 1, 0, 17, 2, 1, 0]);
});
