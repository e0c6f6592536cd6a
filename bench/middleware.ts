import { BEHIND_PROXY, openAccounts, type Account } from './accounts';
import { openLoop, warmUp } from './load';
import { turnOf } from './mix';
import { percentile } from './percentile';
import { withPlatform, type Platform } from './platform';
import { startProgram } from './program';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { createTimed, type Timed } from './timed';

const BAR_MS = 1.5;
/** To all three together, in turns. */
const PER_SECOND = 90;
/** The two that count take sixty a second; all of these may make more than that. */
const PEOPLE = 50;
const PROGRAM = require.resolve('./one-route');

type Side = 'bare' | 'guarded' | 'whole';

const SIDES: readonly Side[] = ['bare', 'guarded', 'whole'];

type Urls = Readonly<Record<Side, string>>;

async function sendInTurns(accounts: readonly Account[], urls: Urls, seconds: number): Promise<Timed<Side>> {
  const clients = accounts.map(({ at }) => ({
    ...{ bare: at(urls.bare), guarded: at(urls.guarded), whole: at(urls.whole) },
  }));
  const timed = createTimed<Side>();
  const sendOne = (index: number) => {
    const { kind, account } = turnOf(index, { kinds: SIDES, accounts: clients });
    return timed.run(kind, () => account[kind].call(200, '/api/auth/me'));
  };
  const plan = { perSecond: PER_SECOND, seconds };
  await warmUp(plan, sendOne);
  timed.clear();
  const { failures } = await openLoop(plan, sendOne);
  if (failures[0]) throw new Error(`${failures.length} failed, the first: ${failures[0]}`);
  return timed;
}

function figureOf(timed: Timed<Side>): Figure {
  const added = percentile(timed.of('guarded'), 0.5) - percentile(timed.of('bare'), 0.5);
  return {
    what: 'middleware: a request through all of it − a bare Express route, p50',
    measured: ms(added),
    bar: `≤ ${BAR_MS} ms`,
    held: added <= BAR_MS,
    beside: `p50 / p99 of each: ${timed.table()}`,
  };
}

async function measure(platform: Platform, seconds: number): Promise<Figure> {
  const { api: whole, database, redis } = platform;
  // Before the programs start: they answer with one of them.
  const accounts = await openAccounts(platform, PEOPLE);
  const bare = await startProgram(PROGRAM, ['bare', database, redis]);
  const guarded = await startProgram(PROGRAM, ['guarded', database, redis]);
  try {
    return figureOf(await sendInTurns(accounts, { bare: bare.url, guarded: guarded.url, whole }, seconds));
  } finally {
    for (const { stop } of [bare, guarded]) stop();
    accounts[0]?.close();
  }
}

export const middleware: Scenario = {
  name: 'middleware',
  title: 'Middleware',
  how:
    'Three processes answer `GET /api/auth/me`, in turns by the clock: a bare Express app with a constant of the same ' +
    'size; the API’s own app, with its keys, sessions, limits, PostgreSQL and Valkey, in which the query of the handler ' +
    'gives the same constant; and the API itself (`whole`). The first two are the same program. Everything but the ' +
    'handler is in their difference: request id and trace, security headers, CORS, the token and its session, the ' +
    'limit, the role, the envelope. The requests come from real accounts, each from an address of its own.',
  run: async ({ quick }: Settings) => [
    await withPlatform(BEHIND_PROXY, (platform) => measure(platform, quick ? 8 : 60)),
  ],
};
