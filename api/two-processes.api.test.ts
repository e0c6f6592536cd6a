/** Two API processes on one database and one Redis: who asks which of them makes no difference. */
import { randomUUID } from 'node:crypto';
import { createKeys } from './auth/keys';
import { openSession } from './auth/sessions';
import { ACCESS_S, createTokens } from './auth/tokens';
import { mountApi, type WorldApi } from '../testing/api';
import { createWorld, serverUrls, type World } from '../testing/world';

let world: World;
let one: WorldApi;
let other: WorldApi;
beforeAll(async () => {
  world = await createWorld();
  const redis = serverUrls().redis;
  [one, other] = [await mountApi(world, { redis, as: null }), await mountApi(world, { redis, as: null })];
  // The first answers take long, for what they are checked against is compiled then.
  for (const api of [one, other]) await api.call('GET', '/api/health/live');
  await until(areConnected);
});
afterEach(() => expect([...one.problems.splice(0), ...other.problems.splice(0)]).toEqual([]));
afterAll(() => world.close());

const TWO = { capacity: 2, refill_per_s: 0.001 };

/** Before that each counts for itself. */
async function areConnected(): Promise<boolean> {
  const key = randomUUID();
  await one.deps.buckets.take(key, TWO);
  return (await other.deps.buckets.take(key, TWO)).remaining === 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function newUser(): Promise<{ authorization: string; refresh_token: string }> {
  const id = randomUUID();
  await world.db.users.create({ data: { id, email: `${id}@example.org` } });
  const { session_id, refresh_token } = await openSession(world.db, id, {});
  const tokens = createTokens(createKeys(world.db));
  const token = await tokens.sign('access', { user_id: id, id: session_id }, ACCESS_S);
  return { authorization: `Bearer ${token}`, refresh_token };
}

const me = (api: WorldApi, headers: Record<string, string>) =>
  api.call<{ name: string | null }>('GET', '/api/auth/me', undefined, headers);

it('counts one budget', async () => {
  const { authorization } = await newUser();
  const left: string[] = [];
  for (const api of [one, other, one, other]) {
    const { headers } = await me(api, { authorization });
    left.push(headers.get('x-ratelimit-remaining') ?? '');
  }
  expect(left).toEqual(['99', '98', '97', '96']);
});

it('refuses in one what the other has used up', async () => {
  const { authorization } = await newUser();
  const asked = Array.from({ length: 110 }, (_, index) => me(index % 2 ? one : other, { authorization }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  const taken = statuses.filter((status) => status === 200).length;
  // More than a hundred only by what came back while they ran.
  expect(taken).toBeGreaterThanOrEqual(100);
  expect(taken).toBeLessThan(110);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});

it('shows in one what was changed in the other', async () => {
  const { authorization } = await newUser();
  expect((await me(one, { authorization })).data.name).toBeNull();
  for (const name of ['Ada', 'Grace', 'Alan']) {
    expect((await other.call('PATCH', '/api/auth/me', { name }, { authorization })).status).toBe(200);
    await until(async () => (await me(one, { authorization })).data.name === name);
  }
});

it('lets nobody in at one who has logged out at the other', async () => {
  const { authorization } = await newUser();
  expect((await me(one, { authorization })).status).toBe(200);
  expect((await other.call('POST', '/api/auth/logout', undefined, { authorization })).status).toBe(204);
  await until(async () => (await me(one, { authorization })).status === 401);
});

it('does once what is asked of both at once', async () => {
  const { authorization } = await newUser();
  const headers = { authorization, 'idempotency-key': randomUUID() };
  const asked = Array.from({ length: 10 }, (_, index) =>
    (index % 2 ? one : other).call<{ job_id: string }>(
      'POST',
      '/api/tts/speech',
      { text: 'Plates move.' },
      headers,
    ),
  );
  const ids = (await Promise.all(asked)).map(({ data }) => data.job_id);
  expect(new Set(ids).size).toBe(1);
});
