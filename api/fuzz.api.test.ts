/** Every operation of the document under thousands of requests, right, nearly right and hostile; a failure prints its seed. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { mountApi, SERVICE_TOKEN, type WorldApi } from '../testing/api';
import { apiDocument } from '../testing/check-contract';
import { requestsTo, toRaw, type Asker, type FuzzRequest, type Target } from '../testing/fuzz-requests';
import { idsOf, makeBelongings, type Belongings } from '../testing/fuzz-world';
import { rawClient, type RawAnswer, type RawClient } from '../testing/raw-client';
import { createWorld, type World } from '../testing/world';
import { ACCESS_S } from './auth/tokens';

/** The same requests in every run, so that a red one is the change's doing; another number asks others. */
const SEED = 1;
/** For each operation; twice as many where a body can be wrong. */
const RUNS = 100;
const UPLOADS = '/api/content/uploads/resumable';

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
let tokens: Readonly<Record<Exclude<Asker, 'nobody'> | 'operator', string>>;
/** An admin: who asks for what is theirs to do comes as him. */
const operator_id = randomUUID();
/** Uploads that have begun. */
const uploads = { own: '', theirs: '' };
/** How often each operation was asked for, and was done. */
const asked = new Map<string, number>();
const done = new Map<string, number>();
const count = (counts: Map<string, number>, title: string) => counts.set(title, (counts.get(title) ?? 0) + 1);

const titleOf = ({ method, path: at }: Target): string => `${method.toUpperCase()} ${at}`;

/** They need what only a mail or another login gives, or a worker. */
const BEYOND = [
  ...['login', 'refresh', 'password', 'verify-email', 'reset-password'].map((one) => `POST /api/auth/${one}`),
  ...['pause', 'resume'].map((one) => `POST /api/jobs/{id}/${one}`),
];

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
    ...{ service: SERVICE_TOKEN, junk: 'a.b.c', ended, operator: await api.tokenOf(operator_id) },
    expired: await sign('access', session, -ACCESS_S),
    'wrong kind': await sign('reset_password', session, ACCESS_S),
  };
}

async function beginUpload(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', 'upload-length': '16' };
  return (await api.call<{ id: string }>('POST', UPLOADS, undefined, headers)).data.id;
}

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world, { as: null });
  client = rawClient(api.url);
  owner = await makeBelongings(world, 'owner');
  other = await makeBelongings(world, 'other');
  victim = await makeBelongings(world, 'victim');
  uploads.theirs = await beginUpload(await api.tokenOf(victim.user_id));
  untouched = await victim.look();
  const account = { email: 'operator@example.org', role: 'admin', tier: 'premium' };
  await world.db.users.create({ data: { id: operator_id, ...account } });
  await world.db.provider_controls.create({ data: { provider: 'openai', reason: 'to be found' } });
});
beforeEach(async () => {
  await forgetLimits();
  await owner.restore();
  tokens = await makeTokens();
  // A user may have few that are unfinished.
  await rm(path.join(world.folder, 'uploads', owner.user_id), { recursive: true, force: true });
  uploads.own = await beginUpload(tokens.owner);
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

const isForOperators = (at: string): boolean => at.startsWith('/api/ops');

type Kind = 'jobs' | 'content' | 'artifacts' | 'sessions';
const KINDS: readonly Kind[] = ['jobs', 'content', 'artifacts', 'sessions'];

/** The asker's, twice as often as the victim's. */
function pathIdsFor({ path: at, method }: Target): string[] {
  if (at.startsWith(UPLOADS)) return [uploads.own, uploads.own, uploads.theirs];
  if (at.includes('/budgets/')) return [owner.user_id];
  if (at.includes('/providers/')) return ['openai'];
  const kind = KINDS.find((one) => at.includes(`/${one}/`)) ?? 'jobs';
  // A job that has not ended takes seconds to erase where no worker is.
  const own = owner[kind].slice(kind === 'jobs' && method === 'delete' ? 1 : 0);
  return [...own, ...own, ...victim[kind]];
}

function requests(target: Target) {
  const given = {
    ids: fc.constantFrom(...[owner, victim].flatMap((one) => [...one.content, ...one.artifacts])),
    pathIds: fc.constantFrom(...pathIdsFor(target)),
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
  const who = as === 'owner' && isForOperators(request.path) ? 'operator' : as;
  const login = who === 'nobody' ? [] : [['authorization', `Bearer ${tokens[who]}`] as const];
  return client.send({ ...raw, headers: [...headers, ...login] });
}

/** They stay on, but it is something else that is to be found out. */
async function forgetLimits(): Promise<void> {
  const keys = [`user:${operator_id}`, `user:${owner.user_id}`, `user:${other.user_id}`, 'address:127.0.0.1'];
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
  [uploads.theirs, ...[victim, as === 'other' ? owner : other].flatMap(idsOf)].some((id) =>
    path.split('?')[0]?.includes(id),
  );

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

const sameMethod = ({ method: sent }: FuzzRequest, { method }: Target): boolean =>
  sent.toLowerCase() === method || (sent === 'HEAD' && method === 'get');

async function holds(request: FuzzRequest, target: Target): Promise<void> {
  await forgetLimits();
  if (target.method !== 'get' && /\/jobs\/|\/sessions\//.test(target.path)) await owner.restore();
  const answer = await ask(request);
  count(asked, titleOf(target));
  if (answer.status < 400 && sameMethod(request, target)) count(done, titleOf(target));
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

it.each(targets.map((target) => [titleOf(target), target] as const))(
  '%s: is never broken by a request, and never tells of what is not the asker’s',
  async (_title, target) => {
    const property = fc.asyncProperty(requests(target), (request) => holds(request, target));
    await fc.assert(property, { seed: SEED, numRuns: 'requestBody' in target.operation ? 2 * RUNS : RUNS });
  },
  180_000,
);

it('asked each often enough, and not in vain', () => {
  const wanted = targets.map(titleOf);
  expect(wanted.filter((title) => (asked.get(title) ?? 0) < RUNS)).toEqual([]);
  expect(wanted.filter((title) => !done.has(title) && !BEYOND.includes(title))).toEqual([]);
});

it('left another user’s things alone', async () => {
  expect(await victim.look()).toEqual(untouched);
  const headers = { authorization: `Bearer ${await api.tokenOf(victim.user_id)}`, 'tus-resumable': '1.0.0' };
  const upload = await api.call<object>('GET', `${UPLOADS}/${uploads.theirs}`, undefined, headers);
  expect(upload.data).toMatchObject({ offset: 0, content_id: null });
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
