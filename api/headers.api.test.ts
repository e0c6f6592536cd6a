/** The headers graded as scanners do (OWASP Secure Headers, Mozilla Observatory), and who may call from a browser. */
import { mountApi, type WorldApi } from '../testing/api';
import { createWorld, type World } from '../testing/world';

let world: World;
let api: WorldApi;
beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
});
afterAll(() => world.close());

const ask = (path: string, init: RequestInit = {}) => fetch(new URL(path, api.url), init);

/** What must be said, and what must not. */
const GRADED: readonly (readonly [header: string, value: RegExp | null])[] = [
  ['content-security-policy', /^default-src 'none';/],
  ['content-security-policy', /frame-ancestors 'none'/],
  ['content-security-policy', /form-action 'none'/],
  ['content-security-policy', /base-uri 'none'/],
  ['strict-transport-security', /max-age=(3153|[4-9]\d{3}|\d{5})\d{4}; includeSubDomains/],
  ['x-content-type-options', /^nosniff$/],
  ['x-frame-options', /^(DENY|SAMEORIGIN)$/],
  ['referrer-policy', /^no-referrer$/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin-resource-policy', /^same-origin$/],
  ['x-permitted-cross-domain-policies', /^none$/],
  ['x-dns-prefetch-control', /^off$/],
  ['server', null],
  ['x-powered-by', null],
  ['set-cookie', null],
];

describe.each([
  ['JSON', '/api/jobs'],
  ['a page', '/api/docs'],
  ['an error', '/api/nothing'],
  ['health', '/api/health/live'],
])('%s', (_what, path) => {
  it('has every header that is graded, and none that tells about us', async () => {
    const { headers } = await ask(path);
    const wrong = GRADED.filter(([name, value]) => {
      const given = headers.get(name);
      return value === null ? given !== null : !value.test(given ?? '');
    });
    expect(wrong).toEqual([]);
  });
});

it('the policy of pages allows no script, inline or from elsewhere', async () => {
  const policy = (await ask('/api/docs')).headers.get('content-security-policy') ?? '';
  expect(policy).not.toMatch(/script-src|unsafe-|\*|https?:/);
  expect(await (await ask('/api/docs')).text()).not.toMatch(/<script|<style|\son\w+=|style="/);
});

const FRIEND = 'https://learn.example.org';

it('lets pages of the list ask, without credentials, and read what they need', async () => {
  const preflight = await ask('/api/jobs', {
    method: 'OPTIONS',
    headers: {
      ...{ origin: FRIEND, 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': FRIEND,
    'access-control-allow-methods': expect.stringContaining('POST'),
    'access-control-allow-headers': 'authorization,content-type,idempotency-key',
    'access-control-max-age': '86400',
    vary: expect.stringContaining('Origin'),
  });
  const { headers } = await ask('/api/jobs', { headers: { origin: FRIEND } });
  expect(headers.get('access-control-allow-origin')).toBe(FRIEND);
  expect(headers.get('access-control-expose-headers')).toMatch(/ETag.*Location.*X-RateLimit-Limit/);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
});

it.each(['https://evil.example.org', 'null', `${FRIEND}.evil.example.org`, 'http://learn.example.org'])(
  'tells the browser of %s nothing',
  async (origin) => {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const answer = await ask('/api/jobs', { method, headers });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toContain('Origin');
    }
  },
);
