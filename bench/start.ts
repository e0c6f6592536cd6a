import { Client as Temporal, Connection } from '@temporalio/client';
import { createClient, type Client } from './client';
import { idleLag, openLoop, summary, warmUp, type Plan } from './load';
import { percentile } from './percentile';
import { withPlatform, type Platform } from './platform';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { meterCpu } from './usage';
import { startSlowVendor } from './vendor';

const PER_SECOND = 20;
const BAR_MS = 50;
const ANSWER_MS = 120_000;

const body = (index: number) => ({
  type: 'voiceover',
  input: { text: `This is sentence number ${index}.`, force: true },
});

/** How many of these jobs Temporal says are running. */
async function countRunning(address: string, ids: readonly string[]): Promise<number> {
  const connection = await Connection.connect({ address });
  const { workflow } = new Temporal({ connection });
  let running = 0;
  for (const id of ids) {
    const { status } = await workflow.getHandle(id).describe();
    running += status.name === 'RUNNING' ? 1 : 0;
  }
  await connection.close();
  return running;
}

async function measure(platform: Platform, client: Client, plan: Plan): Promise<Figure> {
  const ids: string[] = [];
  const startOne = async (index: number) => {
    const { type, input } = body(index);
    ids.push(await client.start(type, input));
  };
  const idleLagMs = await idleLag(plan);
  await warmUp(plan, startOne);
  const spent = await meterCpu(platform);
  const result = await openLoop(plan, startOne);
  const cost = await spent(result.latenciesMs.length);
  const running = await countRunning(platform.temporal, ids);
  const p99 = percentile(result.latenciesMs, 0.99);
  return {
    what: `start a job at ${PER_SECOND}/s, p99`,
    measured: ms(p99),
    bar: `≤ ${BAR_MS} ms`,
    held: p99 <= BAR_MS && result.failures.length === 0 && running === ids.length,
    beside: `${summary(result, idleLagMs)}; ${running} of ${ids.length} run in Temporal; ${cost}`,
  };
}

async function run({ quick }: Settings): Promise<Figure[]> {
  const vendor = await startSlowVendor(ANSWER_MS);
  try {
    return await withPlatform(vendor.env, async (platform) => {
      const client = createClient(platform);
      const figure = await measure(platform, client, { perSecond: PER_SECOND, seconds: quick ? 6 : 15 });
      client.close();
      return [figure];
    });
  } finally {
    vendor.close();
  }
}

export const start: Scenario = {
  name: 'start',
  title: 'Starting a job',
  how:
    '`POST /api/jobs` by the clock, two seconds before anything is counted: check the input, write the row, start the workflow, answer 202. The jobs are ' +
    '`voiceover` of a sentence, because their only work is one call to a vendor that is slow: the figure is the ' +
    'platform’s own. The worker takes every job up meanwhile. Held also means: every answer was 202, and Temporal ' +
    'says of every job that it runs.',
  run,
};
