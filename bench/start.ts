import { Client as Temporal, Connection } from '@temporalio/client';
import { createClient, type Client } from './client';
import { idleLag, openLoop, summary, type Plan } from './load';
import { percentile } from './percentile';
import { withPlatform } from './platform';
import { ms, type Figure, type Scenario, type Settings } from './scenario';
import { startSlowVendor } from './vendor';

const PER_SECOND = 20;
const BAR_MS = 50;
const ANSWER_MS = 120_000;
/** The first call of a process pays for connections and compilation. */
const WARM_UP = 5;

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

async function measure(client: Client, temporal: string, plan: Plan): Promise<Figure> {
  const ids: string[] = [];
  const startOne = async (index: number) => {
    const { type, input } = body(index);
    ids.push(await client.start(type, input));
  };
  for (let index = 0; index < WARM_UP; index++) await startOne(-index);
  const idleLagMs = await idleLag(plan);
  const result = await openLoop(plan, startOne);
  const running = await countRunning(temporal, ids);
  const p99 = percentile(result.latenciesMs, 0.99);
  return {
    what: `start a job at ${PER_SECOND}/s, p99`,
    measured: ms(p99),
    bar: `≤ ${BAR_MS} ms`,
    held: p99 <= BAR_MS && result.failures.length === 0 && running === ids.length,
    beside: `${summary(result, idleLagMs)}; ${running} of ${ids.length} run in Temporal`,
  };
}

async function run({ quick }: Settings): Promise<Figure[]> {
  const vendor = await startSlowVendor(ANSWER_MS);
  try {
    return await withPlatform(vendor.env, async ({ api, temporal }) => {
      const client = createClient(api);
      const figure = await measure(client, temporal, { perSecond: PER_SECOND, seconds: quick ? 6 : 15 });
      client.close();
      return [figure];
    });
  } finally {
    await vendor.close();
  }
}

export const start: Scenario = {
  name: 'start',
  title: 'Starting a job',
  how:
    '`POST /api/jobs` by the clock: check the input, write the row, start the workflow, answer 202. The jobs are ' +
    '`voiceover` of a sentence, because their only work is one call to a vendor that is slow: the figure is the ' +
    'platform’s own. The worker takes every job up meanwhile. Held also means: every answer was 202, and Temporal ' +
    'says of every job that it runs.',
  run,
};
