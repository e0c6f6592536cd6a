/** Buckets on a real Valkey, also while it is away, silent and back. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { createLine, type Line } from '../testing/line';
import { serverUrls } from '../testing/world';
import { createBuckets, type Bucket, type Buckets } from './buckets';

/** Nothing comes back while a test runs. */
const SLOW: Bucket = { capacity: 30, refill_per_s: 1 / 86_400 };

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const prefix = 'lm:test-buckets:';
const open = (url = serverUrls().redis): Buckets => {
  const buckets = createBuckets({ url, prefix });
  endings.push(buckets.close);
  return buckets;
};
const openRaw = (): Redis => {
  const redis = new Redis(serverUrls().redis);
  endings.push(() => redis.disconnect());
  return redis;
};

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error('It never became so');
    await sleep(20);
  }
}

/** Whether what one takes is seen by the other; before both are connected, each counts for itself. */
async function areShared(one: Buckets, other: Buckets): Promise<boolean> {
  const key = randomUUID();
  await one.take(key, SLOW);
  return (await other.take(key, SLOW, 0)).remaining === SLOW.capacity - 1;
}

async function openTwo(): Promise<[Buckets, Buckets]> {
  const [one, other] = [open(), open()];
  await until(() => areShared(one, other));
  return [one, other];
}

test('two processes share one budget: of 100 takes at once exactly the capacity is given', async () => {
  const both = await openTwo();
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => both[n % 2]?.take(key, SLOW) ?? Promise.reject(new Error())),
  );
  const left = answers.filter(({ allowed }) => allowed).map(({ remaining }) => remaining);
  expect(left.sort((a, b) => b - a)).toEqual(Array.from({ length: 30 }, (_, n) => 29 - n));
  const refused = answers.find(({ allowed }) => !allowed);
  expect(refused).toMatchObject({ remaining: 0, retry_after_s: expect.closeTo(86_400, -1) });
});

test('what was spent comes back, and a full bucket takes no room', async () => {
  const [one, other] = await openTwo();
  const bucket: Bucket = { capacity: 2, refill_per_s: 5 };
  const key = randomUUID();
  expect(await one.take(key, bucket, 2)).toMatchObject({ allowed: true, remaining: 0 });
  const refused = await other.take(key, bucket);
  expect(refused.allowed).toBe(false);
  expect(refused.retry_after_s).toBeGreaterThan(0);
  expect(refused.retry_after_s).toBeLessThanOrEqual(0.2);
  await sleep(refused.retry_after_s * 1000 + 5);
  const given = await other.take(key, bucket);
  expect(given.allowed).toBe(true);
  const redis = openRaw();
  expect(await redis.pttl(prefix + key)).toBeLessThanOrEqual(given.full_in_s * 1000 + 1);
  await sleep(given.full_in_s * 1000 + 5);
  expect(await redis.exists(prefix + key)).toBe(0);
  expect(await one.take(key, bucket, 0)).toEqual({
    ...{ allowed: true, remaining: 2, full_in_s: 0, retry_after_s: 0 },
  });
});

test('what one forgets is full for all', async () => {
  const [one, other] = await openTwo();
  const key = randomUUID();
  await one.take(key, SLOW, SLOW.capacity);
  expect(await other.take(key, SLOW)).toMatchObject({ allowed: false });
  await one.forget(key);
  expect(await other.take(key, SLOW)).toMatchObject({ allowed: true, remaining: SLOW.capacity - 1 });
});

test('Redis and a process alone count alike', async () => {
  const [shared] = await openTwo();
  const alone = createBuckets({});
  const costs = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(costs, async (list) => {
      const key = randomUUID();
      for (const cost of list) {
        const { allowed, remaining, full_in_s, retry_after_s } = await alone.take(key, SLOW, cost);
        expect(await shared.take(key, SLOW, cost)).toEqual({
          ...{ allowed, remaining },
          full_in_s: expect.closeTo(full_in_s, -1),
          retry_after_s: expect.closeTo(retry_after_s, -1),
        });
      }
    }),
    { numRuns: 20 },
  );
});

test('counts by the clock of Redis, and locks nobody out when that was set back', async () => {
  const [one] = await openTwo();
  const redis = openRaw();
  const key = randomUUID();
  await one.take(key, { capacity: 10, refill_per_s: 0.01 }, 4);
  const [seconds] = await redis.time();
  expect(Number(await redis.get(prefix + key)) / 1e6 - Number(seconds)).toBeCloseTo(400, -1);
  await redis.set(prefix + key, '9000000000000000');
  const bucket: Bucket = { capacity: 10, refill_per_s: 10 };
  expect(await one.take(key, bucket)).toMatchObject({ allowed: false, full_in_s: 1, retry_after_s: 0.1 });
  await sleep(150);
  expect(await one.take(key, bucket)).toMatchObject({ allowed: true });
});

test('a Redis that was emptied of scripts learns ours again', async () => {
  const [one, other] = await openTwo();
  const key = randomUUID();
  await one.take(key, SLOW);
  await openRaw().script('FLUSH');
  await one.take(key, SLOW);
  expect(await other.take(key, SLOW)).toMatchObject({ remaining: SLOW.capacity - 3 });
});

/** Answers of one process that counts alone: three of a bucket of two, and how long the slowest took. */
async function countsAlone(buckets: Buckets, key: string): Promise<void> {
  const bucket: Bucket = { ...SLOW, capacity: 2 };
  const allowed: boolean[] = [];
  for (let n = 0; n < 3; n++) {
    const askedAt = Date.now();
    allowed.push((await buckets.take(key, bucket)).allowed);
    expect(Date.now() - askedAt).toBeLessThan(500);
  }
  expect(allowed).toEqual([true, true, false]);
  await buckets.forget(key);
  expect(await buckets.take(key, bucket)).toMatchObject({ allowed: true, remaining: 1 });
}

test('counts alone where no Redis listens', async () => {
  const buckets = open('redis://127.0.0.1:1');
  await countsAlone(buckets, randomUUID());
  await sleep(300);
  await countsAlone(buckets, randomUUID());
});

async function openLine(): Promise<Line> {
  const line = await createLine(serverUrls().redis);
  endings.push(line.close);
  return line;
}

test('counts alone where Redis accepts and says nothing', async () => {
  const line = await openLine();
  line.silence();
  const buckets = open(line.url);
  await sleep(100);
  await countsAlone(buckets, randomUUID());
});

test('waits little for a Redis that falls silent, then not at all, and uses it again when it speaks', async () => {
  const line = await openLine();
  const [far, near] = [open(line.url), open()];
  await until(() => areShared(far, near));
  const key = randomUUID();
  await far.take(key, SLOW, 10);
  line.silence();
  const askedAt = Date.now();
  // What Redis said last still counts.
  expect(await far.take(key, SLOW, 15)).toMatchObject({ allowed: true, remaining: 5 });
  expect(Date.now() - askedAt).toBeLessThan(400);
  await countsAlone(far, randomUUID());
  await sleep(1_500);
  const askedAgainAt = Date.now();
  expect(await far.take(key, SLOW, 6)).toMatchObject({ allowed: false, remaining: 5 });
  expect(Date.now() - askedAgainAt).toBeLessThan(100);
  line.restore();
  await until(() => areShared(near, far));
});

test('counts alone after it was closed', async () => {
  const [one] = await openTwo();
  one.close();
  await countsAlone(one, randomUUID());
});
