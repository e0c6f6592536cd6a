import express from 'express';
import fc from 'fast-check';
import { createBuckets, type Buckets } from '../../store/buckets';
import { listen } from '../listen';
import { errorHandler } from './errors';
import { setPrincipal, type Principal } from './principal';
import { networkOf, rateLimit } from './rate-limit';

const STUDENT: Principal = { user_id: 'ann', role: 'student', tier: 'free' };
const PREMIUM: Principal = { user_id: 'bea', role: 'teacher', tier: 'premium' };
const SERVICE: Principal = { service: 'chat', role: 'service', tier: 'free' };

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

interface Answer {
  readonly status: number;
  readonly limit: string | null;
  readonly remaining: string | null;
  readonly reset: string | null;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  limit: response.headers.get('x-ratelimit-limit'),
  remaining: response.headers.get('x-ratelimit-remaining'),
  reset: response.headers.get('x-ratelimit-reset'),
  retryAfter: response.headers.get('retry-after'),
  body: await response.json(),
});

/** An app whose callers are who they say; `keys` are those that were counted. */
async function openApp() {
  const keys: string[] = [];
  const buckets = createBuckets({});
  const take: Buckets['take'] = (key, ...rest) => {
    keys.push(key);
    return buckets.take(key, ...rest);
  };
  const state: { who?: Principal } = {};
  const app = express();
  app.set('trust proxy', 1);
  app.use((_req, res, next) => {
    if (state.who) setPrincipal(res, state.who);
    next();
  });
  app.use(rateLimit({ take }));
  app.use((_req, res) => void res.json('done'));
  app.use(errorHandler(() => undefined));
  const { url, stop } = await listen(app, { host: '127.0.0.1', port: 0, drainMs: 0 });
  endings.push(stop);
  const ask = async (who?: Principal, { from = '192.0.2.1' } = {}) => {
    state.who = who;
    return answerOf(await fetch(`${url}/api/jobs`, { headers: { 'x-forwarded-for': from } }));
  };
  return { ask, keys };
}

const nowS = () => Date.now() / 1000;

test.each([
  ['a stranger', undefined, 10, 'address:192.0.2.1'],
  ['a student', STUDENT, 100, 'user:ann'],
  ['an administrator', { ...STUDENT, role: 'admin' } as const, 100, 'user:ann'],
  ['premium', PREMIUM, 1000, 'user:bea'],
])('%s has a budget, and sees what is left of it', async (_who, who, limit, key) => {
  const { ask, keys } = await openApp();
  const askedAt = nowS();
  const first = await ask(who);
  expect(first).toMatchObject({ status: 200, limit: `${limit}`, remaining: `${limit - 1}`, body: 'done' });
  expect(first.reset).toMatch(/^\d{10}$/);
  // One of them is back after 60 s / limit.
  expect(Number(first.reset)).toBeGreaterThanOrEqual(askedAt + 60 / limit);
  expect(Number(first.reset)).toBeLessThan(nowS() + 60 / limit + 1);
  expect(await ask(who)).toMatchObject({ remaining: `${limit - 2}` });
  expect(keys).toEqual([key, key]);
});

test('a stranger is refused after the tenth, told when to come again and what an account has', async () => {
  const { ask } = await openApp();
  for (let left = 9; left >= 0; left--)
    expect(await ask()).toMatchObject({ status: 200, remaining: `${left}`, retryAfter: null });
  const refused = await ask();
  expect(refused).toMatchObject({ status: 429, limit: '10', remaining: '0', retryAfter: '6' });
  expect(Number(refused.reset)).toBeGreaterThan(nowS() + 55);
  expect(refused.body).toMatchObject({
    success: false,
    error: {
      code: 'RATE_LIMITED',
      message: expect.stringContaining('10 requests a minute'),
      details: { retry_after_s: 6, hint: expect.stringContaining('an account has 100') },
    },
  });
  expect(await ask(undefined, { from: '192.0.2.2' })).toMatchObject({ status: 200, remaining: '9' });
  expect(await ask(STUDENT)).toMatchObject({ status: 200, remaining: '99' });
});

test('a user is counted wherever he comes from, and never told to wait for less than a second', async () => {
  const { ask } = await openApp();
  const places = Array.from({ length: 110 }, (_, n) => `198.51.100.${n}`);
  const answers = await Promise.all(places.map((from) => ask(STUDENT, { from })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(100);
  expect(new Set(refused.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['1']));
  expect(JSON.stringify(refused[0]?.body)).not.toContain('an account has');
});

test('an IPv6 network of a household is one stranger, another is another', async () => {
  const { ask, keys } = await openApp();
  for (const from of ['2001:db8:0:7::1', '2001:DB8::7:ffff:1:2:3', '2001:db8:0:8::1', '::ffff:192.0.2.1'])
    await ask(undefined, { from });
  expect(keys).toEqual([
    'address:2001:db8:0:7::/64',
    'address:2001:db8:0:7::/64',
    'address:2001:db8:0:8::/64',
    'address:192.0.2.1',
  ]);
});

test('services are not counted, also when they act for a user', async () => {
  const { ask, keys } = await openApp();
  for (const who of [SERVICE, { ...SERVICE, user_id: 'ann' }])
    expect(await ask(who)).toMatchObject({ status: 200, limit: 'unlimited', remaining: null, reset: null });
  expect(keys).toEqual([]);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:0201', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:0db8:0000:0007:1:2:3:4', '2001:db8:0:7::/64'],
  ['2001:db8:0:7:8::', '2001:db8:0:7::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['not an address', 'unknown'],
  ['192.0.2.1:443', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('only the first half of an IPv6 address counts, however it is written', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 0xffff }));
  const half = fc.tuple(group, group, group, group);
  const wide = (groups: number[]) => groups.map((one) => one.toString(16).padStart(4, '0'));
  fc.assert(
    fc.property(half, half, half, (network, host, other) => {
      // Mapped IPv4 addresses lie in 0:0:0:0.
      fc.pre(network.some(Boolean));
      const counted = networkOf(wide([...network, ...host]).join(':'));
      expect(counted).toBe(`${network.map((one) => one.toString(16)).join(':')}::/64`);
      const short = new URL(`http://[${wide([...network, ...other]).join(':')}]`).hostname.slice(1, -1);
      expect(networkOf(short)).toBe(counted);
    }),
  );
});
