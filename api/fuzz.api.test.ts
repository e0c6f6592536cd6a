/** Every operation of the document under thousands of requests, right, nearly right and hostile; a failure prints its seed. */
import fc from 'fast-check';
import { mountApi, SERVICE_TOKEN, type WorldApi } from '../testing/api';
import { apiDocument } from '../testing/check-contract';
import { requestsTo, toRaw, type Asker, type FuzzRequest, type Target } from '../testing/fuzz-requests';
import { idsOf, makeBelongings, type Belongings } from '../testing/fuzz-world';
import { rawClient, type RawAnswer, type RawClient } from '../testing/raw-client';
import { createWorld, type World } from '../testing/world';
import { ACCESS_S } from './auth/tokens';

const RUNS = 150;

const document = apiDocument();
const targets = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): Target => ({ document, method, path, operation })),
);

let world: World;
let api: WorldApi;
let client: RawClient;
let owner: Belongings;
let other: Belongings;
/** Never asks. */
let victim: Belongings;
let untouched: unknown;
let tokens: Readonly<Record<Exclude<Asker, 'nobody'>, string>>;
const statuses: number[] = [];

/** Sessions of before are ended, so that lists stay short. */
async function makeTokens(): Promise<typeof tokens> {
  const { db } = world;
  const [{ user_id, sessions }, { sign }] = [owner, api.deps.auth.tokens];
  const session = { user_id, id: sessions[0] ?? '' };
  const ended = await api.tokenOf(user_id);
  const where = { user_id, id: { notIn: [...sessions] } };
  await db.sessions.updateMany({ where, data: { ended_at: new Date() } });
  return {
    ...{ owner: await api.tokenOf(user_id), other: await api.tokenOf(other.user_id) },
    ...{ service: SERVICE_TOKEN, junk: 'a.b.c', ended },
    expired: await sign('access', session, -ACCESS_S),
    'wrong kind': await sign('reset_password', session, ACCESS_S),
  };
}

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world, { as: null });
  client = rawClient(api.url);
  owner = await makeBelongings(world, 'owner');
  other = await makeBelongings(world, 'other');
  victim = await makeBelongings(world, 'victim');
  untouched = await victim.look();
});
beforeEach(async () => {
  await owner.restore();
  tokens = await makeTokens();
});
/** Whose jobs work on what is not theirs. */
afterEach(async () => {
  const theirs = [...victim.content, ...victim.artifacts];
  const jobs = await world.db.jobs.findMany({ where: { owner_id: { not: victim.user_id } } });
  const inputs = jobs.map(({ input }) => input as { source_id?: string; artifact_id?: string });
  const used = inputs.flatMap(({ source_id, artifact_id }) => [source_id ?? '', artifact_id ?? '']);
  expect(used.filter((id) => theirs.includes(id))).toEqual([]);
});
afterAll(async () => {
  client.close();
  await world.close();
});

type Kind = 'jobs' | 'content' | 'artifacts' | 'sessions';
const KINDS: readonly Kind[] = ['jobs', 'content', 'artifacts', 'sessions'];

function requests(target: Target) {
  const { path, method } = target;
  const kind = KINDS.find((one) => path.includes(`/${one}/`)) ?? 'jobs';
  // A job that has not ended takes seconds to erase where no worker is.
  const own = owner[kind].slice(kind === 'jobs' && method === 'delete' ? 1 : 0);
  const given = {
    ids: fc.constantFrom(
      ...[owner, victim].flatMap((one) => [...one.content, ...one.artifacts, one.user_id]),
    ),
    pathIds: fc.constantFrom(...own, ...own, ...victim[kind]),
    userIds: fc.constantFrom(owner.user_id, victim.user_id),
  };
  return requestsTo(target, given).filter((request) => actsFor(request) !== victim.user_id);
}

/** A service may act for whom it likes, and then is him. */
const actsFor = ({ as, headers }: FuzzRequest): string | undefined =>
  as === 'service' ? headers.find(([name]) => name === 'x-on-behalf-of')?.[1] : undefined;

function ask(request: FuzzRequest): Promise<RawAnswer> {
  const { headers, ...raw } = toRaw(request);
  const { as } = request;
  const login = as === 'nobody' ? [] : [['authorization', `Bearer ${tokens[as]}`] as const];
  return client.send({ ...raw, headers: [...headers, ...login] });
}

/** They stay on, but it is something else that is to be found out. */
async function forgetLimits(): Promise<void> {
  const keys = [`user:${owner.user_id}`, `user:${other.user_id}`, 'address:127.0.0.1'];
  for (const key of [...keys, 'login:address:127.0.0.1']) await api.deps.buckets.forget(key);
}

/** What the asker must not learn; an id that he sent himself is no news. */
function secretsFor(request: FuzzRequest): string[] {
  const owners = [owner, other, victim].filter(
    (one) =>
      !(one === owner && (request.as === 'owner' || actsFor(request) === owner.user_id)) &&
      !(one === other && request.as === 'other'),
  );
  const { method, path, headers, body } = request;
  const said = [method, path, decoded(path), ...headers.flat(), body?.bytes ?? ''].join('\n').toLowerCase();
  const ids = owners.flatMap(idsOf).filter((id) => !said.includes(id));
  return [...ids, ...owners.map(({ marker }) => marker)];
}

function decoded(path: string): string {
  try {
    const [plain = '', query = ''] = decodeURIComponent(path).split('?', 2);
    const cursor = new URLSearchParams(query).get('cursor') ?? '';
    return `${plain} ${query} ${Buffer.from(cursor, 'base64url').toString('latin1')}`;
  } catch {
    return '';
  }
}

const SECURITY = {
  'x-content-type-options': /^nosniff$/,
  'content-security-policy': /default-src 'none'/,
  'strict-transport-security': /max-age=\d{7,}/,
  'x-request-id': /^[\w.:-]{1,128}$/,
  traceparent: /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
};

const BAD_TOKENS: readonly Asker[] = ['junk', 'expired', 'ended', 'wrong kind'];

/** By the path; an id in a body may be of no importance. */
const asksForAnothers = ({ as, path }: FuzzRequest): boolean =>
  [victim, as === 'other' ? owner : other].flatMap(idsOf).some((id) => path.split('?')[0]?.includes(id));

function wrongStatus(request: FuzzRequest, { status }: RawAnswer, target: Target): string[] {
  const { as, method } = request;
  if (status >= 500 && !(status === 503 && target.path.startsWith('/api/health'))) return [`a ${status}`];
  if (method === 'OPTIONS' || !('429' in target.operation.responses)) return [];
  if (BAD_TOKENS.includes(as) && status !== 401) return [`a ${as} token got ${status}`];
  if (asksForAnothers(request) && status < 400) return [`another’s thing got ${status}`];
  const isLet = as !== 'nobody' || target.operation.security.length === 0;
  return isLet || status >= 400 ? [] : [`a stranger got ${status}`];
}

function wrongHeaders({ method }: FuzzRequest, { headers }: RawAnswer, { operation }: Target): string[] {
  const missing = Object.entries(SECURITY).filter(([name, value]) => !value.test(String(headers[name])));
  const isCounted = '429' in operation.responses && method !== 'OPTIONS';
  return [
    ...missing.map(([name]) => `header ${name}: ${String(headers[name])}`),
    ...(isCounted && headers['x-ratelimit-limit'] === undefined ? ['it was not counted'] : []),
  ];
}

function wrongBody(request: FuzzRequest, { status, headers, body }: RawAnswer): string[] {
  const text = JSON.stringify(headers) + body.toString('latin1');
  const leaked = secretsFor(request).filter((secret) => text.includes(secret));
  const isEnvelope = body.length === 0 || /^\{"success":false,"error":\{"code":"[A-Z]/.test(String(body));
  return [
    ...leaked.map((secret) => `it tells of ${secret}`),
    ...(status < 400 || isEnvelope ? [] : ['a refusal without envelope']),
  ];
}

async function holds(request: FuzzRequest, target: Target): Promise<void> {
  await forgetLimits();
  if (target.method !== 'get' && /\/jobs\/|\/sessions\//.test(target.path)) await owner.restore();
  const answer = await ask(request);
  statuses.push(answer.status);
  if (/auth\//.test(target.path) && target.method !== 'get' && answer.status < 300)
    tokens = await makeTokens();
  const wrong = [
    ...wrongStatus(request, answer, target),
    ...wrongHeaders(request, answer, target),
    ...wrongBody(request, answer),
    // Not as the document says, or logged as an error of ours.
    ...api.problems.splice(0).map(String),
  ];
  if (wrong.length > 0) throw new Error(`${answer.status}: ${wrong.join('\n')}`);
}

it.each(targets.map((target) => [`${target.method.toUpperCase()} ${target.path}`, target] as const))(
  '%s: is never broken by a request, and never tells of what is not the asker’s',
  async (_title, target) => {
    const property = fc.asyncProperty(requests(target), (request) => holds(request, target));
    await fc.assert(property, { numRuns: RUNS });
  },
  180_000,
);

it('asked enough, and not only in vain', () => {
  const taken = statuses.filter((status) => status < 400);
  expect(statuses.length).toBeGreaterThanOrEqual(targets.length * RUNS);
  expect(taken.length).toBeGreaterThan(statuses.length / 10);
});

it('left another user’s things alone', async () => {
  expect(await victim.look()).toEqual(untouched);
  expect(api.problems).toEqual([]);
});

it('serves the document that this was made of', async () => {
  const { body } = await client.send({ method: 'GET', path: '/api/openapi.json', headers: [] });
  const { paths, components } = JSON.parse(String(body)) as typeof document;
  // It does not list itself.
  expect({ ...document.paths, ...paths }).toEqual(document.paths);
  expect(Object.keys(paths).length).toBeGreaterThan(25);
  expect(components).toEqual(document.components);
});
