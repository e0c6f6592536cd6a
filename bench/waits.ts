import { setTimeout as sleep } from 'node:timers/promises';
import { BEHIND_PROXY, openAccounts, type Account } from './accounts';
import type { JobView } from './client';
import { openLoop, type LoadResult } from './load';
import { percentile } from './percentile';
import { withPlatform, type Platform } from './platform';
import { SLOW_MS, startRunning, untilRecognised } from './running';
import { seconds, type Figure, type Scenario, type Settings } from './scenario';
import { memoryOf, meterCpu } from './usage';
import { startSlowVendor } from './vendor';

/** Each of another account, so that a thousand waits stay within what they may ask. */
const JOBS = 50;
const WAIT_S = 20;
/** A thousand are there after two seconds, and all of them wait until the first are answered. */
const OPENING = { perSecond: 500, seconds: 2 };
const AT_ONCE = OPENING.perSecond * OPENING.seconds;
const BAR_MB = 150;

interface Waiter {
  readonly account: Account;
  readonly job_id: string;
}

type Wait = (waiter: Waiter) => Promise<void>;

const poll: Wait = async ({ account, job_id }) => {
  const job = await account.call<JobView>(200, `/api/jobs/${job_id}?wait=${WAIT_S}`);
  if (job.job_id !== job_id || job.status !== 'running') throw new Error(`${job.job_id} is ${job.status}`);
};

const follow: Wait = async ({ account, job_id }) => {
  const said = await account.listen(job_id, WAIT_S * 1000);
  if (!said.includes(`event: job\ndata: {"job_id":"${job_id}"`)) throw new Error(`no event, but ${said}`);
};

async function startWaiters(platform: Platform): Promise<Waiter[]> {
  const waiters: Waiter[] = [];
  for (const account of await openAccounts(platform, JOBS)) {
    const [job_id = ''] = await startRunning(account, 1);
    waiters.push({ account, job_id });
  }
  for (const { account, job_id } of waiters) await untilRecognised(account, job_id);
  return waiters;
}

interface Round {
  readonly result: LoadResult;
  readonly mostOpen: number;
  /** Largest resident memory of the API, looked at once a second. */
  readonly peakMb: number;
}

async function openAll(platform: Platform, waiters: readonly Waiter[], wait: Wait): Promise<Round> {
  let [open, mostOpen, peakMb, over] = [0, 0, 0, false];
  const waitOne = async (index: number) => {
    mostOpen = Math.max(mostOpen, ++open);
    await wait(waiters[index % waiters.length] as Waiter).finally(() => open--);
  };
  const waiting = openLoop(OPENING, waitOne).finally(() => (over = true));
  while (!over) {
    peakMb = Math.max(peakMb, (await memoryOf(platform.pidOf('api'))).rssMb);
    await sleep(1_000);
  }
  return { result: await waiting, mostOpen, peakMb };
}

interface Load {
  readonly what: string;
  readonly wait: Wait;
  readonly rounds: number;
  readonly beforeMb: number;
}

async function measure(platform: Platform, waiters: readonly Waiter[], load: Load): Promise<Figure> {
  const { what, wait, beforeMb } = load;
  const spent = await meterCpu(platform);
  const rounds: Round[] = [];
  for (let round = 0; round < load.rounds; round++) rounds.push(await openAll(platform, waiters, wait));
  const cost = await spent(AT_ONCE * load.rounds);
  const failures = rounds.flatMap(({ result }) => result.failures);
  const answeredS = rounds.flatMap(({ result }) => result.latenciesMs).map((latency) => latency / 1000);
  const extraMb = Math.max(...rounds.map(({ peakMb }) => peakMb)) - beforeMb;
  const isWhole = rounds.every(({ mostOpen }) => mostOpen === AT_ONCE);
  return {
    what: `${AT_ONCE} ${what} at once, ${waiters.length} jobs running: extra memory of the API (RSS)`,
    measured: `${extraMb.toFixed(0)} MB`,
    bar: `≤ ${BAR_MB} MB`,
    held: extraMb <= BAR_MB && failures.length === 0 && isWhole,
    beside:
      `${beforeMb.toFixed(0)} MB before any of them, the largest of each round ${rounds.map(({ peakMb }) => peakMb.toFixed(0)).join(', ')} MB; ` +
      `${answeredS.length} right answers, p50 after ${seconds(percentile(answeredS, 0.5))}, largest ${seconds(percentile(answeredS, 1))}; ` +
      `${failures.length} failed${failures[0] ? `, the first: ${failures[0]}` : ''}; ${cost}`,
  };
}

async function run({ quick, say }: Settings): Promise<Figure[]> {
  const vendor = await startSlowVendor(SLOW_MS);
  try {
    return await withPlatform({ ...vendor.env, ...BEHIND_PROXY }, async (platform) => {
      const waiters = await startWaiters(platform);
      say(`${waiters.length} jobs run`);
      await sleep(5_000);
      const { rssMb: beforeMb } = await memoryOf(platform.pidOf('api'));
      const load = { rounds: quick ? 1 : 3, beforeMb };
      const figures = [
        await measure(platform, waiters, { ...load, what: `long polls (\`wait=${WAIT_S}\`)`, wait: poll }),
        await measure(platform, waiters, { ...load, what: 'event streams', wait: follow }),
      ];
      waiters[0]?.account.close();
      return figures;
    });
  } finally {
    vendor.close();
  }
}

export const waits: Scenario = {
  name: 'waits',
  title: 'Waiting clients',
  how:
    `${JOBS} accounts with a \`transcribe\` job each, whose vendor takes ${SLOW_MS / 1000} s for a window. Within two ` +
    `seconds they open ${AT_ONCE} requests together, each over a connection of its own, and wait for ${WAIT_S} s: ` +
    'three rounds of `GET /api/jobs/{id}?wait=20`, then three of `GET /api/jobs/{id}/events`. `Rss` of the API from ' +
    '`/proc/<pid>/smaps_rollup`, the largest that is seen once a second, less what it was five seconds after the jobs ' +
    'had begun. Held also means: all were open at the same time, and each got what it waited for.',
  run,
};
