/** What has had its time goes, in a real database; what has not stays. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKeys } from '../auth/keys';
import { openSession, refreshSession } from '../auth/sessions';
import { claimKey, rememberAnswer } from '../../prisma/idempotency';
import { EXPIRIES, EXPIRY_BATCH, isOver, type Expiry } from '../../prisma/expiry';
import { createWorld, type World } from '../../testing/world';
import { createUpkeep, startUpkeep } from './upkeep';

let world: World;
let told: { errors: unknown[]; done: Record<string, number> };

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => {
  told = { errors: [], done: {} };
});
afterAll(() => world.close());

const events = {
  onError: (error: unknown) => void told.errors.push(error),
  onDone: (what: string, count: number) => {
    told.done[what] = (told.done[what] ?? 0) + count;
  },
};

const newRound = () => createUpkeep({ ...world, derivedDays: 90 }, events);

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
const days = (count: number) => ago(24 * count);

const newSession = (over: object = {}) =>
  world.db.sessions.create({
    data: { id: randomUUID(), user_id: world.owner_id, expires_at: ago(-1), ...over },
  });

const step = () => ({ key: randomUUID(), owner_id: world.owner_id, step: 's' });
const key = () => ({ id: randomUUID(), request: 'r', holder: randomUUID(), lease_until: ago(1) });
const mail = () => ({ id: randomUUID(), recipient: 'a@example.org', subject: 's', text: 't' });

/** A row of each kind that is so old; each gives what finds it. */
const MAKERS: Record<string, (old: Date) => Promise<unknown>> = {
  'used refresh tokens': async (used_at) => {
    const { id: session_id } = await newSession();
    return world.db.refresh_tokens.create({ data: { hash: randomUUID(), session_id, used_at } });
  },
  'sessions that were ended': (ended_at) => newSession({ ended_at, end_reason: 'logout' }),
  'sessions that ran out': (expires_at) => newSession({ expires_at }),
  'links in mails': (created_at) =>
    world.db.mail_links.create({
      data: { id: randomUUID(), user_id: world.owner_id, purpose: 'verify_email', created_at },
    }),
  'idempotency keys': (created_at) => world.db.idempotency_keys.create({ data: { ...key(), created_at } }),
  'mails that were sent': (sent_at) => world.db.outbox.create({ data: { ...mail(), sent_at } }),
  'mails that were not sent': (created_at) => world.db.outbox.create({ data: { ...mail(), created_at } }),
  workers: (seen_at) => world.db.workers.create({ data: { id: randomUUID(), offers: [], seen_at } }),
  'signing keys': (created_at) =>
    world.db.signing_keys.create({ data: { kid: randomUUID(), secret: 'c2VjcmV0', created_at } }),
  'leases of steps': (lease_until) =>
    world.db.step_results.create({ data: { ...step(), lease_holder: 'gone', lease_until } }),
  'security events': (created_at) =>
    world.db.security_events.create({ data: { id: randomUUID(), kind: 'logged_in', created_at } }),
  'what providers were used for': (at) =>
    world.db.provider_usage.create({
      data: {
        ...{ id: randomUUID(), job_id: randomUUID(), step: 'speak', capability: 'speaker', at },
        ...{ provider: 'azure', model: 'neural', calls: 1, failed: 0 },
      },
    }),
  'what happened to providers': (created_at) =>
    world.db.provider_events.create({
      data: { id: randomUUID(), kind: 'circuit_open', provider: 'azure', created_at },
    }),
};

async function idsIn({ table, key }: Expiry): Promise<string[]> {
  const rows = await world.db.$queryRawUnsafe<{ id: string }[]>(`SELECT ${key}::text AS id FROM ${table}`);
  return rows.map(({ id }) => id);
}

describe.each(EXPIRIES.map((expiry) => [expiry.what, expiry] as const))('%s', (what, expiry) => {
  const newRow = async (hours: number): Promise<string> => {
    const row = (await MAKERS[what]!(ago(hours))) as Record<string, string>;
    return row[expiry.key]!;
  };

  test(`go after ${expiry.after_h} h, and not before`, async () => {
    const [old, young] = [await newRow(expiry.after_h + 1), await newRow(expiry.after_h - 1)];
    const others = await idsIn(expiry);
    await newRound()();
    const left = await idsIn(expiry);
    expect(told).toEqual({ errors: [], done: { [what]: 1 } });
    expect(left.sort()).toEqual(others.filter((id) => id !== old).sort());
    expect(left).toContain(young);
  });
});

/** Of these there are never many. */
const FEW = ['workers', 'signing_keys'];

test.each(
  EXPIRIES.filter(({ table }) => !FEW.includes(table)).map((expiry) => [expiry.what, expiry] as const),
)('%s are found by an index', async (_what, expiry) => {
  const plan = await world.db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    return tx.$queryRawUnsafe<object[]>(
      `EXPLAIN SELECT ${expiry.key} FROM ${expiry.table} WHERE ${isOver(expiry)} LIMIT 1`,
    );
  });
  expect(JSON.stringify(plan)).toMatch(/Index (Only )?Scan/);
  // An index whose condition is only checked, not searched, is read from end to end.
  expect(JSON.stringify(plan)).toMatch(/Index Cond/);
});

test('rows that are without the column of their term stay', async () => {
  const { id: session_id } = await newSession({ expires_at: ago(-1), ended_at: null });
  const hash = randomUUID();
  await world.db.refresh_tokens.create({ data: { hash, session_id, created_at: days(500) } });
  const result = await world.db.step_results.create({ data: { ...step(), created_at: days(500) } });
  await newRound()();
  expect(await world.db.refresh_tokens.count({ where: { hash } })).toBe(1);
  expect(await world.db.step_results.count({ where: { key: result.key } })).toBe(1);
  expect(told.done).toEqual({});
});

test('two at once share the work, however much there is', async () => {
  const count = 2 * EXPIRY_BATCH + 500;
  const row = { kind: 'logged_in', created_at: days(401) };
  await world.db.security_events.createMany({
    data: Array.from({ length: count }, () => ({ id: randomUUID(), ...row })),
  });
  await Promise.all([newRound()(), newRound()()]);
  expect(told).toEqual({ errors: [], done: { 'security events': count } });
  expect(await world.db.security_events.count({ where: row })).toBe(0);
});

test('what somebody has locked is left to the next round, and holds up nobody', async () => {
  const created_at = days(401);
  const [held, free] = await Promise.all([1, 2].map(() => MAKERS['security events']!(created_at)));
  await world.db.$transaction(async (tx) => {
    const { id } = held as { id: string };
    await tx.$queryRaw`SELECT id FROM security_events WHERE id = ${id}::uuid FOR UPDATE`;
    await newRound()();
  });
  const left = await world.db.security_events.findMany({ where: { created_at } });
  expect(left).toEqual([held]);
  expect(left).not.toContainEqual(free);
  await newRound()();
  expect(await world.db.security_events.count({ where: { created_at } })).toBe(0);
});

test('what fails is told, keeps nothing else from its turn, and is tried again', async () => {
  const event = () => MAKERS['security events']!(days(401));
  await event();
  await MAKERS['workers']!(days(2));
  await world.db.$executeRaw`ALTER TABLE workers RENAME TO workers_away`;
  await newRound()();
  await world.db.$executeRaw`ALTER TABLE workers_away RENAME TO workers`;
  expect(told.errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/workers/) })]);
  expect(told.done).toEqual({ 'security events': 1 });
  await newRound()();
  expect(told.done).toEqual({ 'security events': 1, workers: 1 });
});

test('runs by itself until it is stopped', async () => {
  const upkeep = startUpkeep({ ...world, derivedDays: 90 }, { ...events, everyMs: 20 });
  for (const count of [1, 2]) {
    await MAKERS['workers']!(days(2));
    while (told.done['workers'] !== count) await sleep(5);
  }
  await upkeep.stop();
  await MAKERS['workers']!(days(2));
  await sleep(100);
  expect(told.done).toEqual({ workers: 2 });
  expect(told.errors).toEqual([]);
});

describe('what is still good', () => {
  const ageUsed = (session_id: string, used_at: Date) =>
    world.db.refresh_tokens.updateMany({
      where: { session_id, used_at: { not: null } },
      data: { used_at },
    });

  test('a refresh token that was used before still ends its session', async () => {
    const first = await openSession(world.db, world.owner_id, {});
    await refreshSession(world.db, first.refresh_token);
    await ageUsed(first.session_id, days(29));
    await newRound()();
    expect(await refreshSession(world.db, first.refresh_token)).toEqual({
      ...{ outcome: 'reused', session_id: first.session_id, user_id: world.owner_id },
    });
  });

  test('a live session goes on when its first tokens are forgotten, and they open nothing', async () => {
    const first = await openSession(world.db, world.owner_id, {});
    const second = (await refreshSession(world.db, first.refresh_token)) as typeof first;
    await ageUsed(first.session_id, days(31));
    await newRound()();
    expect(told.done).toEqual({ 'used refresh tokens': 1 });
    expect(await refreshSession(world.db, first.refresh_token)).toEqual({ outcome: 'unknown' });
    expect(await refreshSession(world.db, second.refresh_token)).toMatchObject({ outcome: 'refreshed' });
  });

  test('a session goes with the tokens that it has left', async () => {
    const { session_id } = await openSession(world.db, world.owner_id, {});
    const ended = { ended_at: days(32), end_reason: 'logout' };
    await world.db.sessions.update({ where: { id: session_id }, data: ended });
    await newRound()();
    expect(await world.db.refresh_tokens.count({ where: { session_id } })).toBe(0);
  });

  test('a signing key verifies as long as it may', async () => {
    const soon = Date.now() + 60_000;
    await world.db.signing_keys.create({
      data: { kid: 'verifies', secret: 'c2VjcmV0', created_at: new Date(soon - 32 * 24 * HOUR_MS) },
    });
    await newRound()();
    expect(await createKeys(world.db).named('verifies')).toMatchObject({ kid: 'verifies' });
    await world.db.signing_keys.update({ where: { kid: 'verifies' }, data: { created_at: days(32) } });
    expect(await createKeys(world.db).named('verifies')).toBeUndefined();
    await newRound()();
    expect(told.done).toEqual({ 'signing keys': 1 });
  });

  test('an answer is given again for its day, and a request under way keeps its key', async () => {
    const claim = { id: randomUUID(), request: 'r', holder: randomUUID() };
    await claimKey(world.db, claim);
    await rememberAnswer(world.db, claim, { status: 201, data: { a: 1 }, location: null });
    const data = { created_at: ago(23.9), lease_until: ago(23.8) };
    await world.db.idempotency_keys.update({ where: { id: claim.id }, data });
    const running = { ...key(), created_at: ago(25), lease_until: ago(-1) };
    await world.db.idempotency_keys.create({ data: running });
    await newRound()();
    expect(told.done).toEqual({});
    expect(await claimKey(world.db, { ...claim, holder: randomUUID() })).toMatchObject({
      ...{ state: 'done', answer: { status: 201, data: { a: 1 } } },
    });
  });

  test('a step that somebody makes now', async () => {
    const data = { ...step(), lease_holder: 'alive', lease_until: ago(-0.01), created_at: days(2) };
    const { key } = await world.db.step_results.create({ data });
    await newRound()();
    expect(await world.db.step_results.count({ where: { key } })).toBe(1);
  });
});
