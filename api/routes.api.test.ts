/** Walks every mounted route: none may lack a rule, a schema, an answer, an entry in the document, or the envelope. */
import { randomUUID } from 'node:crypto';
import { isAllowed, roles } from '../domain/access';
import { mountApi, SERVICE_TOKEN, type WorldApi } from '../testing/api';
import { createWorld, type World } from '../testing/world';
import { mountsOf } from './app';
import { listRoutes, type Mounted } from './http/endpoint';

let world: World;
let api: WorldApi;
let routes: Mounted[];
beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world, { as: null });
  routes = listRoutes(mountsOf(api.deps));
});
afterEach(() => expect(api.problems.splice(0)).toEqual([]));
afterAll(() => world.close());

const titleOf = ({ method, path }: Mounted) => `${method.toUpperCase()} ${path}`;
const urlOf = ({ path }: Mounted) => path.replaceAll(/:\w+/g, randomUUID());
const isOpen = ({ endpoint }: Mounted) => isAllowed('anonymous', endpoint.rule);

async function ask(route: Mounted, headers: Record<string, string> = {}) {
  await api.deps.buckets.forget('address:127.0.0.1');
  return api.call(route.method.toUpperCase(), urlOf(route), undefined, headers);
}

it('finds the routes', () => {
  expect(routes.length).toBeGreaterThan(25);
  expect(new Set(routes.map(titleOf)).size).toBe(routes.length);
});

it('has a summary, a rule that somebody fulfils, and a success for each', () => {
  for (const route of routes) {
    const { summary, rule, answers } = route.endpoint;
    expect(summary).toMatch(/^[A-Z]/);
    expect(roles.filter((role) => isAllowed(role, rule))).not.toEqual([]);
    const statuses = Object.keys(answers).map(Number);
    expect(statuses.filter((status) => status >= 200 && status < 400)).toEqual(statuses);
    expect(statuses.length).toBeGreaterThan(0);
  }
});

it('declares what each answer with content holds', () => {
  for (const { endpoint, ...route } of routes) {
    for (const [status, { data, media_type }] of Object.entries(endpoint.answers)) {
      const hasContent = !['204', '304'].includes(status);
      expect([titleOf({ ...route, endpoint }), status, Boolean(data ?? media_type)]).toEqual([
        ...[titleOf({ ...route, endpoint }), status, hasContent],
      ]);
    }
  }
});

it('lists each in the document', async () => {
  const answer = await fetch(new URL('/api/openapi.json', api.url));
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> };
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  const mounted = routes
    .map(titleOf)
    .filter((title) => !title.includes('/api/docs') && !title.includes('openapi'));
  expect(listed).toEqual(expect.arrayContaining(mounted));
});

it('lets no stranger through where the table does not', async () => {
  for (const route of routes.filter((one) => !isOpen(one))) {
    const { status, error, headers } = await ask(route);
    expect([titleOf(route), status, error?.code]).toEqual([titleOf(route), 401, 'UNAUTHORIZED']);
    expect(headers.get('x-ratelimit-limit')).toBe('10');
  }
});

describe.each(['student', 'teacher', 'admin', 'service'] as const)('to a %s', (role) => {
  let authorization: string;
  beforeAll(async () => {
    const id = randomUUID();
    const account = { id, email: `${id}@example.org`, role, tier: 'premium' };
    if (role !== 'service') await world.db.users.create({ data: account });
    authorization = `Bearer ${role === 'service' ? SERVICE_TOKEN : await api.tokenOf(id)}`;
  });

  it('each route is open or closed as the table says', async () => {
    // The end of all sessions would close the doors for what is walked after it.
    const walked = routes.filter(({ path }) => !/\/(logout|logout-all)$|docs|openapi/.test(path));
    for (const route of walked) {
      const { status } = await ask(route, { authorization });
      expect([titleOf(route), status !== 403]).toEqual([
        ...[titleOf(route), isAllowed(role, route.endpoint.rule)],
      ]);
      expect([titleOf(route), status]).not.toEqual([titleOf(route), 401]);
    }
  });
});

it('tells a user of others’ things what it tells of things that are not there', async () => {
  const headers = { authorization: `Bearer ${await api.tokenOf(world.owner_id)}` };
  const mine = routes.filter(({ endpoint }) => isAllowed('student', endpoint.rule));
  for (const route of mine.filter(({ path }) => path.includes('/:id'))) {
    const { status, error } = await ask(route, headers);
    expect([titleOf(route), status, error?.code]).toEqual([titleOf(route), 404, 'NOT_FOUND']);
  }
});

it('answers 405 with what is possible, everywhere', async () => {
  for (const route of routes) {
    await api.deps.buckets.forget('address:127.0.0.1');
    const { status, headers, error } = await api.call('PUT', urlOf(route));
    expect([titleOf(route), status, error?.code]).toEqual([titleOf(route), 405, 'METHOD_NOT_ALLOWED']);
    expect(headers.get('allow')).toContain(route.method.toUpperCase());
  }
});

it('carries an id and security headers on every answer', async () => {
  for (const route of routes) {
    await api.deps.buckets.forget('address:127.0.0.1');
    const [url, method] = [new URL(urlOf(route), api.url), route.method.toUpperCase()];
    const { headers } = await fetch(url, { method, headers: { 'x-request-id': 'walk-1' } });
    expect(headers.get('x-request-id')).toBe('walk-1');
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

it('gives each read of JSON a tag, and nothing to whoever has it', async () => {
  const id = randomUUID();
  const account = { id, email: `${id}@example.org`, role: 'admin', tier: 'premium' };
  await world.db.users.create({ data: account });
  const headers = { authorization: `Bearer ${await api.tokenOf(id)}` };
  const reads = routes.filter(({ method, path, endpoint: { answers } }) => {
    return method === 'get' && answers[200]?.data && !path.includes('/:id') && !path.includes('/health');
  });
  expect(reads.length).toBeGreaterThan(3);
  for (const route of reads) {
    const first = await ask(route, headers);
    expect([titleOf(route), first.status, first.headers.get('cache-control')]).toEqual([
      ...[titleOf(route), 200, 'private, no-cache'],
    ]);
    expect(first.headers.get('vary')).toContain('Authorization');
    const again = await fetch(new URL(urlOf(route), api.url), {
      headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect([titleOf(route), again.status, await again.text()]).toEqual([titleOf(route), 304, '']);
  }
});

it('counts neither health nor documents', async () => {
  for (const path of ['/api/health', '/api/docs', '/api/openapi.json']) {
    const { status, headers } = await fetch(new URL(path, api.url));
    expect([path, status, headers.get('x-ratelimit-limit')]).toEqual([path, 200, null]);
  }
});
