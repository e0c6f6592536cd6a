import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWorld, type World } from '../testing/world';
import { createOnce, keyOf, type OnceCall, type OnceKey } from './once';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

const LEASE_MS = 900;

const newKey = (over: Partial<OnceKey> = {}): OnceKey => ({
  ...{ owner_id: world.owner_id, step: 'test', version: 1, blobs: [], parameters: { id: randomUUID() } },
  ...over,
});

const call = (holder: string = randomUUID(), signal = new AbortController().signal): OnceCall => ({
  holder,
  signal,
});

const once = (leaseMs = LEASE_MS) => createOnce({ db: world.db, blobs: world.blobs, leaseMs });

/** Counts how often the result was made. */
function producer(ms = 50) {
  const made = { times: 0 };
  const produce = async () => {
    made.times += 1;
    await sleep(ms);
    return { value: made.times };
  };
  return { made, produce };
}

test('twenty at once make it once', async () => {
  const key = newKey();
  const { made, produce } = producer();
  const results = await Promise.all(Array.from({ length: 20 }, () => once()(key, call(), produce)));
  expect(made.times).toBe(1);
  expect(results).toEqual(Array(20).fill({ value: 1 }));
});

test('a finished result is found again, without making it', async () => {
  const key = newKey();
  const { made, produce } = producer();
  await once()(key, call(), produce);
  expect(await once()(key, call(), produce)).toEqual({ value: 1 });
  expect(made.times).toBe(1);
});

test('a database that is away when the result comes does not lose it', async () => {
  const key = newKey();
  const { made, produce } = producer(0);
  const result = await once()(key, call(), async () => {
    await world.db.$executeRaw`ALTER TABLE step_results RENAME TO step_results_away`;
    setTimeout(
      () => void world.db.$executeRaw`ALTER TABLE step_results_away RENAME TO step_results`.then(),
      500,
    );
    return produce();
  });
  expect(result).toEqual({ value: 1 });
  expect(await once()(key, call(), produce)).toEqual({ value: 1 });
  expect(made.times).toBe(1);
});

test('a living holder keeps its lease longer than the lease is', async () => {
  const key = newKey();
  const slow = producer(2.5 * LEASE_MS);
  const other = producer();
  const first = once()(key, call(), slow.produce);
  await sleep(50);
  await Promise.all([first, once()(key, call(), other.produce)]);
  expect([slow.made.times, other.made.times]).toEqual([1, 0]);
});

/** A holder that died: its lease stands in the database and nobody renews it. */
async function crashed(key: OnceKey, holder: string): Promise<void> {
  await world.db.$executeRaw`
    INSERT INTO step_results (key, owner_id, step, lease_holder, lease_until)
    VALUES (${keyOf(key)}, ${key.owner_id}::uuid, ${key.step}, ${holder},
            now() + ${`${LEASE_MS} milliseconds`}::interval)`;
}

test('after a crash of the holder another makes it when the lease is over', async () => {
  const key = newKey();
  await crashed(key, 'dead');
  const { made, produce } = producer(0);
  const began = Date.now();
  await once()(key, call(), produce);
  expect(made.times).toBe(1);
  expect(Date.now() - began).toBeGreaterThanOrEqual(LEASE_MS - 100);
});

test('a later attempt of the same activity need not wait for its own lease', async () => {
  const key = newKey();
  await crashed(key, 'same');
  const { produce } = producer(0);
  const began = Date.now();
  expect(await once()(key, call('same'), produce)).toEqual({ value: 1 });
  expect(Date.now() - began).toBeLessThan(LEASE_MS / 2);
});

test('a failure gives the lease back and is not kept', async () => {
  const key = newKey();
  const failing = once(60_000)(key, call(), () => Promise.reject(new Error('vendor away')));
  await expect(failing).rejects.toThrow('vendor away');
  const { produce } = producer(0);
  const began = Date.now();
  expect(await once(60_000)(key, call(), produce)).toEqual({ value: 1 });
  expect(Date.now() - began).toBeLessThan(2_000);
});

test('who waits is let go by a cancel, and takes nothing with it', async () => {
  const key = newKey();
  const slow = producer(1_000);
  const first = once()(key, call(), slow.produce);
  await sleep(50);
  const controller = new AbortController();
  const waiting = once()(key, call('cancelled', controller.signal), slow.produce);
  setTimeout(() => controller.abort(), 100);
  const began = Date.now();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(Date.now() - began).toBeLessThan(500);
  expect(await first).toEqual({ value: 1 });
  expect(slow.made.times).toBe(1);
});

test('a result whose bytes are lost is made again at once', async () => {
  const key = newKey();
  const { made, produce } = producer(0);
  await once(60_000)(key, call(), produce);
  const row = await world.db.step_results.findUniqueOrThrow({ where: { key: keyOf(key) } });
  await world.blobs.remove(row.blob!);
  const began = Date.now();
  expect(await once(60_000)(key, call(), produce)).toEqual({ value: 2 });
  expect(made.times).toBe(2);
  expect(Date.now() - began).toBeLessThan(2_000);
});

test('so is one that names a blob which is lost', async () => {
  const key = newKey();
  const { sha256 } = await world.blobs.put(randomUUID());
  await once()(key, call(), async () => ({ audio: sha256 }));
  await world.blobs.remove(sha256);
  const { sha256: anew } = await world.blobs.put(randomUUID());
  expect(await once()(key, call(), async () => ({ audio: anew }))).toEqual({ audio: anew });
});

test('different owners never share', async () => {
  const other = randomUUID();
  await world.db.users.create({ data: { id: other, email: `${other}@example.org` } });
  const key = newKey();
  const mine = producer(0);
  const theirs = producer(0);
  await once()(key, call(), mine.produce);
  await once()({ ...key, owner_id: other }, call(), theirs.produce);
  expect([mine.made.times, theirs.made.times]).toEqual([1, 1]);
});

test('`force` makes it anew, once for its job, and leaves what others find', async () => {
  const key = newKey();
  const { made, produce } = producer(0);
  await once()(key, call(), produce);
  const forced = { ...key, fresh_for: 'job:1' };
  expect(await once()(forced, call(), produce)).toEqual({ value: 2 });
  expect(await once()(forced, call(), produce)).toEqual({ value: 2 });
  expect(await once()(key, call(), produce)).toEqual({ value: 1 });
  expect(made.times).toBe(2);
});
