import { randomUUID } from 'node:crypto';
import { BEHIND_PROXY, type Tokens } from './accounts';
import { formOf, type Sent } from './client';
import { gather, note, type Learner } from './learners';
import { idleLag, openLoop, summary, warmUp, type Plan } from './load';
import { repeatsOf, spread, turnOf } from './mix';
import { percentile } from './percentile';
import { withPlatform, type Platform } from './platform';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { createTimed } from './timed';
import { meterCpu } from './usage';
import { startSlowVendor } from './vendor';

const PER_SECOND = 200;
const READ_BAR_MS = 20;
const WRITE_BAR_MS = 50;
/** One request a second of each, where the free tier has a hundred a minute. */
const PEOPLE = 200;
/** Enough for a quick run, whose requests fit into what may be spent at once. */
const QUICK_PEOPLE = 60;

type Request = (learner: Learner, index: number) => Promise<unknown>;

const oneOf = (ids: readonly string[], index: number): string => ids[index % ids.length] ?? 'none';

/** Bytes or JSON: all of it is read. */
const reading =
  (routeOf: (learner: Learner, index: number) => string): Request =>
  async (learner, index) => {
    const { status } = await learner.account.send(routeOf(learner, index));
    if (status !== 200) throw new Error(`HTTP ${status}`);
  };

const READS = {
  me: reading(() => '/api/auth/me'),
  sources: reading(() => '/api/content'),
  source: reading(({ sources }, index) => `/api/content/${oneOf(sources, index)}`),
  jobs: reading(() => '/api/jobs'),
  job: reading(({ jobs }, index) => `/api/jobs/${oneOf(jobs, index)}`),
  artifact: reading(({ artifacts }, index) => `/api/artifacts/${oneOf(artifacts, index)}`),
};

const remove = (what: string, ids: string[], { account }: Learner): Promise<unknown> =>
  account.call(204, `${what}/${ids.pop()}`, { method: 'DELETE' });

async function refresh(learner: Learner): Promise<void> {
  const sent: Sent = { method: 'POST', body: { refresh_token: learner.refresh_token } };
  const { refresh_token } = await learner.account.call<Tokens>(200, '/api/auth/refresh', sent);
  learner.refresh_token = refresh_token;
}

const upload: Request = ({ account }, index) => {
  const name = `${index}-${randomUUID()}`;
  const headers = { 'idempotency-key': name };
  const form = formOf(note(name), `${name}.txt`);
  return account.call(201, '/api/content/uploads', { method: 'POST', form, headers });
};

const rename: Request = ({ account }, index) =>
  account.call(200, '/api/auth/me', { method: 'PATCH', body: { name: `Learner ${index}` } });

const WRITES = {
  upload,
  rename,
  refresh,
  'end a session': (learner: Learner) => remove('/api/auth/sessions', learner.sessions, learner),
  'erase a job': (learner: Learner) => remove('/api/jobs', learner.jobs, learner),
};

const READ_MIX = spread<keyof typeof READS>({ me: 3, sources: 3, source: 4, jobs: 2, job: 5, artifact: 3 });
const WRITE_MIX = spread<keyof typeof WRITES>({
  ...{ upload: 8, rename: 7, refresh: 3, 'end a session': 1, 'erase a job': 1 },
});

interface Load<Kind extends string> {
  readonly what: string;
  readonly barMs: number;
  readonly plan: Plan;
  readonly requests: Readonly<Record<Kind, Request>>;
  readonly kinds: readonly Kind[];
}

async function measure<Kind extends string>(
  platform: Platform,
  accounts: readonly Learner[],
  { what, barMs, plan, requests, kinds }: Load<Kind>,
): Promise<Figure> {
  const timed = createTimed<Kind>();
  const sendOne = (index: number) => {
    const { kind, account } = turnOf(index, { kinds, accounts });
    return timed.run(kind, () => requests[kind](account, index));
  };
  const idleLagMs = await idleLag(plan);
  await warmUp(plan, sendOne);
  timed.clear();
  const spent = await meterCpu(platform);
  const result = await openLoop(plan, sendOne);
  const cost = await spent(result.latenciesMs.length);
  const p99 = percentile(result.latenciesMs, 0.99);
  return {
    what: `CRUD ${what} at ${plan.perSecond} req/s, ${accounts.length} accounts, p99`,
    measured: ms(p99),
    bar: `≤ ${barMs} ms`,
    held: p99 <= barMs && result.failures.length === 0,
    beside: `${summary(result, idleLagMs)}; p50 / p99 of each: ${timed.table()}; ${cost}`,
  };
}

async function run({ quick, say }: Settings): Promise<Figure[]> {
  const plan = { perSecond: PER_SECOND, seconds: quick ? 8 : 60 };
  const people = quick ? QUICK_PEOPLE : PEOPLE;
  const vendor = await startSlowVendor(0);
  try {
    return await withPlatform({ ...vendor.env, ...BEHIND_PROXY }, async (platform) => {
      // One more for the warm-up.
      const spares = repeatsOf(plan, people, WRITE_MIX.length) + 1;
      const learners = await gather(platform, people, spares);
      say(`${people} accounts have what they need`);
      const reads = { what: 'reads', barMs: READ_BAR_MS, plan, requests: READS, kinds: READ_MIX };
      const writes = { what: 'writes', barMs: WRITE_BAR_MS, plan, requests: WRITES, kinds: WRITE_MIX };
      const figures = [await measure(platform, learners, reads), await measure(platform, learners, writes)];
      learners[0]?.account.close();
      return figures;
    });
  } finally {
    vendor.close();
  }
}

export const crud: Scenario = {
  name: 'crud',
  title: 'Reading and writing',
  how:
    `${PEOPLE} accounts, registered and logged in through the API, each with ten sources and four finished jobs, each from an ` +
    'address of its own as a proxy would tell it; so all are of the free tier, and nobody is a service. In turn they ' +
    'send by the clock, two seconds before anything is counted: first reads (`GET` of the account, a page of sources, one ' +
    'source, a page of jobs, one finished job, the bytes of a small artifact), then writes (40 % uploads of a text with an ' +
    '`Idempotency-Key`, 35 % `PATCH /api/auth/me`, 15 % `POST /api/auth/refresh`, 5 % each the end of another ' +
    'session and the erasure of a job). Logging in, which is slow on purpose, is not among them; starting a job is ' +
    'measured apart. Held also means: every answer was the right one.',
  run,
};
