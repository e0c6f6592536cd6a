import fc from 'fast-check';
import { createBuckets, orderOf, settle, tell, type Bucket } from './buckets';

const SECOND_US = 1_000_000;
const perMinute = (capacity: number): Bucket => ({ capacity, refill_per_s: capacity / 60 });
/** Nothing comes back while a test runs. */
const SLOW: Bucket = { capacity: 3, refill_per_s: 1 / 86_400 };

/** One bucket by a clock that only the test moves. */
function bucketAt(nowUs: number, bucket: Bucket) {
  const state = { nowUs, fullAtUs: 0 };
  return {
    state,
    take(cost = 1) {
      const order = orderOf(bucket, cost);
      const standing = settle(order, state);
      state.fullAtUs = state.nowUs + standing.owedUs;
      return tell(standing, order);
    },
  };
}

const START_US = 1_700_000_000 * SECOND_US;

/** Up to 100 tokens a second: a token's time, rounded to a microsecond, is right to 0.005 %. */
const anyBucket = fc.record({
  capacity: fc.integer({ min: 1, max: 2_000 }),
  refill_per_s: fc.double({ min: 0.001, max: 100, noNaN: true }),
});
const anySteps = fc.array(
  fc.record({
    waitUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 * SECOND_US })),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 40 },
);

test('never holds less than nothing or more than its capacity', () => {
  fc.assert(
    fc.property(anyBucket, anySteps, (bucket, steps) => {
      const mine = bucketAt(START_US, bucket);
      for (const { waitUs, share } of steps) {
        mine.state.nowUs += waitUs;
        const { allowed, remaining, full_in_s, retry_after_s } = mine.take(
          Math.ceil(share * bucket.capacity),
        );
        expect(Number.isInteger(remaining)).toBe(true);
        expect(remaining).toBeGreaterThanOrEqual(0);
        expect(remaining).toBeLessThanOrEqual(bucket.capacity);
        expect(full_in_s).toBeGreaterThanOrEqual(0);
        expect(full_in_s).toBeLessThanOrEqual((bucket.capacity / bucket.refill_per_s) * 1.0001);
        expect(retry_after_s > 0).toBe(!allowed);
      }
    }),
  );
});

test('gives at most capacity + rate × time, over any interval', () => {
  fc.assert(
    fc.property(anyBucket, anySteps, (bucket, steps) => {
      const mine = bucketAt(START_US, bucket);
      const given = steps.map(({ waitUs, share }) => {
        mine.state.nowUs += waitUs;
        const cost = Math.ceil(share * bucket.capacity);
        return { atUs: mine.state.nowUs, tokens: mine.take(cost).allowed ? cost : 0 };
      });
      for (const [from, first] of given.entries()) {
        let sum = 0;
        for (const { atUs, tokens } of given.slice(from)) {
          sum += tokens;
          const refilled = (bucket.refill_per_s * (atUs - first.atUs)) / SECOND_US;
          expect(sum).toBeLessThanOrEqual((bucket.capacity + refilled) * 1.0001);
        }
      }
    }),
  );
});

test('what was refused is given when it said, and not a microsecond before', () => {
  fc.assert(
    fc.property(anyBucket, fc.integer({ min: 0, max: SECOND_US }), (bucket, waitUs) => {
      const mine = bucketAt(START_US, bucket);
      mine.take(bucket.capacity);
      const { tokenUs } = orderOf(bucket);
      mine.state.nowUs += Math.min(waitUs, tokenUs - 1);
      const refused = mine.take();
      expect(refused).toMatchObject({ allowed: false, remaining: 0 });
      mine.state.nowUs += Math.round(refused.retry_after_s * SECOND_US) - 1;
      expect(mine.take().allowed).toBe(false);
      mine.state.nowUs += 1;
      expect(mine.take()).toMatchObject({ allowed: true, retry_after_s: 0 });
    }),
  );
});

test.each([10, 100, 1000])('gives all of %i at once, then one by one', (capacity) => {
  const mine = bucketAt(START_US + 123_457, perMinute(capacity));
  for (let left = capacity - 1; left >= 0; left--)
    expect(mine.take()).toMatchObject({ allowed: true, remaining: left });
  const each = 60 / capacity;
  expect(mine.take()).toEqual({ allowed: false, remaining: 0, full_in_s: 60, retry_after_s: each });
  mine.state.nowUs += each * SECOND_US;
  expect(mine.take()).toEqual({ allowed: true, remaining: 0, full_in_s: 60, retry_after_s: 0 });
  mine.state.nowUs += 3600 * SECOND_US;
  expect(mine.take()).toMatchObject({ allowed: true, remaining: capacity - 1, full_in_s: each });
});

test('gives all of the cost or nothing', () => {
  const mine = bucketAt(START_US, perMinute(10));
  expect(mine.take(7)).toMatchObject({ allowed: true, remaining: 3 });
  expect(mine.take(4)).toMatchObject({ allowed: false, remaining: 3, retry_after_s: 6 });
  expect(mine.take(3)).toMatchObject({ allowed: true, remaining: 0 });
  expect(mine.take(0)).toMatchObject({ allowed: true, remaining: 0 });
});

test('a clock that was set back locks nobody out for longer than an empty bucket would', () => {
  const mine = bucketAt(START_US, perMinute(10));
  mine.take(10);
  mine.state.nowUs -= 3600 * SECOND_US;
  expect(mine.take()).toMatchObject({ allowed: false, remaining: 0, full_in_s: 60, retry_after_s: 6 });
  mine.state.nowUs += 6 * SECOND_US;
  expect(mine.take()).toMatchObject({ allowed: true });
});

test('without Redis a process counts for itself', async () => {
  const buckets = createBuckets({});
  const answers = await Promise.all([1, 2, 3, 4].map(() => buckets.take('me', SLOW)));
  expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
  expect(answers[3]).toMatchObject({ remaining: 0, retry_after_s: expect.closeTo(86_400, 0) });
  expect(await buckets.take('another', SLOW)).toMatchObject({ allowed: true, remaining: 2 });
  await buckets.forget('me');
  expect(await buckets.take('me', SLOW)).toMatchObject({ allowed: true, remaining: 2 });
  buckets.close();
});

test('remembers 10,000 keys, those that asked last', async () => {
  const buckets = createBuckets({});
  for (const key of ['first', 'second', 'first']) await buckets.take(key, SLOW);
  for (let n = 2; n < 10_000; n++) await buckets.take(`key ${n}`, SLOW);
  await buckets.take('one too many', SLOW);
  const left = async (key: string) => (await buckets.take(key, SLOW, 0)).remaining;
  expect(await left('second')).toBe(3);
  expect(await left('first')).toBe(1);
  expect(await left('one too many')).toBe(2);
});
