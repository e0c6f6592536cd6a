import { createClient, type Client } from './client';
import { idleLag, openLoop, summary, warmUp, type Plan } from './load';
import { percentile } from './percentile';
import { withPlatform, type Platform } from './platform';
import { SLOW_MS, startRunning, untilRecognised } from './running';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { meterCpu } from './usage';
import { startSlowVendor } from './vendor';

const JOBS = 50;
const PER_SECOND = 200;
const BAR_MS = 10;
async function measure(platform: Platform, client: Client, plan: Plan): Promise<Figure> {
  const ids = await startRunning(client, JOBS);
  for (const id of ids) await untilRecognised(client, id);
  const pollOne = async (index: number) => {
    const { status } = await client.send(`/api/jobs/${ids[index % ids.length]}`);
    if (status !== 200) throw new Error(`HTTP ${status}`);
  };
  const idleLagMs = await idleLag(plan);
  await warmUp(plan, pollOne);
  const spent = await meterCpu(platform);
  const result = await openLoop(plan, pollOne);
  const cost = await spent(result.latenciesMs.length);
  const jobs = await Promise.all(ids.map((id) => client.job(id)));
  const running = jobs.filter((job) => job.status === 'running').length;
  const p99 = percentile(result.latenciesMs, 0.99);
  return {
    what: `poll at ${PER_SECOND} req/s, ${JOBS} jobs running, p99`,
    measured: ms(p99),
    bar: `≤ ${BAR_MS} ms`,
    held: p99 <= BAR_MS && result.failures.length === 0 && running === JOBS,
    beside: `${summary(result, idleLagMs)}; ${running} of ${JOBS} jobs still ran at the end; ${cost}`,
  };
}

async function run({ quick }: Settings): Promise<Figure[]> {
  const vendor = await startSlowVendor(SLOW_MS);
  try {
    return await withPlatform(vendor.env, async (platform) => {
      const client = createClient(platform);
      const figure = await measure(platform, client, { perSecond: PER_SECOND, seconds: quick ? 8 : 60 });
      client.close();
      return [figure];
    });
  } finally {
    vendor.close();
  }
}

export const poll: Scenario = {
  name: 'poll',
  title: 'Polling',
  how:
    `${JOBS} \`transcribe\` jobs of the same recording (\`force\`, so that each does its own work) against a vendor ` +
    `that takes ${SLOW_MS / 1000} s for each window, all of them in \`recognise\`. \`GET /api/jobs/{id}\` is sent by the clock, ` +
    'job after job, over keep-alive connections, two seconds before anything is counted; the latency counts from the moment the request was due. ' +
    'Held also means: every answer was 200, and all jobs still ran afterwards.',
  run,
};
