import { createClient, type Client } from './client';
import { idleLag, openLoop, summary, type Plan } from './load';
import { percentile } from './percentile';
import { sampleOf, withPlatform } from './platform';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { startSlowVendor } from './vendor';

const JOBS = 50;
const PER_SECOND = 200;
const BAR_MS = 10;
/** 50 recordings of four windows each then outlast the load by far, and go on changing during it. */
const ANSWER_MS = 5_000;

async function startJobs(client: Client): Promise<string[]> {
  const source_id = await client.upload(await sampleOf('two_cities.flac'), 'two_cities.flac');
  const ids: string[] = [];
  for (let count = 0; count < JOBS; count++) {
    ids.push(await client.start('transcribe', { source_id, language: 'en', force: true }));
  }
  for (const id of ids) await client.until(id, (job) => job.phase === 'recognise', { everyMs: 1_000 });
  return ids;
}

async function measure(client: Client, ids: readonly string[], plan: Plan): Promise<Figure> {
  const idleLagMs = await idleLag(plan);
  const result = await openLoop(plan, async (index) => {
    const { status } = await client.send(`/api/jobs/${ids[index % ids.length]}`);
    if (status !== 200) throw new Error(`HTTP ${status}`);
  });
  const jobs = await Promise.all(ids.map((id) => client.job(id)));
  const running = jobs.filter((job) => job.status === 'running').length;
  const p99 = percentile(result.latenciesMs, 0.99);
  return {
    what: `poll at ${PER_SECOND} req/s, ${JOBS} jobs running, p99`,
    measured: ms(p99),
    bar: `≤ ${BAR_MS} ms`,
    held: p99 <= BAR_MS && result.failures.length === 0 && running === JOBS,
    beside: `${summary(result, idleLagMs)}; ${running} of ${JOBS} jobs still ran at the end`,
  };
}

async function run({ quick }: Settings): Promise<Figure[]> {
  const vendor = await startSlowVendor(ANSWER_MS);
  try {
    return await withPlatform(vendor.env, async ({ api }) => {
      const client = createClient(api);
      const ids = await startJobs(client);
      const figure = await measure(client, ids, { perSecond: PER_SECOND, seconds: quick ? 8 : 20 });
      client.close();
      return [figure];
    });
  } finally {
    await vendor.close();
  }
}

export const poll: Scenario = {
  name: 'poll',
  title: 'Polling',
  how:
    `${JOBS} \`transcribe\` jobs of the same recording (\`force\`, so that each does its own work) against a vendor ` +
    `that takes ${ANSWER_MS / 1000} s for each window, all of them in \`recognise\`. \`GET /api/jobs/{id}\` is sent by the clock, ` +
    'job after job, over keep-alive connections; the latency counts from the moment the request was due. ' +
    'Held also means: every answer was 200, and all jobs still ran afterwards.',
  run,
};
