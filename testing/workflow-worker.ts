/** Workflows on the real server, with plain fakes for activities; their coverage counts when jest collects it. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  type WorkerOptions,
} from '@temporalio/worker';
import { retryRules, type RetryRules } from '../activities/failures';
import type { Activities } from '../activities/index';
import type { JobOutcome, JobStart, JobState } from '../domain/job';
import { nobodyHears } from '../store/changes';
import { createWorkers } from '../workers/run';
import { jobSinks } from '../workers/sinks';
import type { JobType } from '../workflows/contracts';
import { changingActivities } from './fake-activities';
import { serverUrls } from './world';

const WORKFLOWS = path.join(__dirname, '..', 'workflows');
const DOMAIN = path.join(__dirname, '..', 'domain');

/** One call of an activity, in order of start. */
export interface Call {
  readonly name: keyof Activities;
  readonly input: Record<string, unknown>;
}

export interface RunningJob {
  readonly handle: WorkflowHandle;
  state(): Promise<JobState>;
  /** Waits for a state that `holds`. */
  until(holds: (state: JobState) => boolean): Promise<JobState>;
}

export interface WorkflowWorker {
  readonly client: Client;
  readonly queue: string;
  readonly calls: Call[];
  readonly outcomes: JobOutcome[];
  callsOf(name: keyof Activities): Record<string, unknown>[];
  start(type: JobType, input: object, over?: Partial<JobStart<unknown>>): Promise<RunningJob>;
  handleOf(job_id: string, run_id?: string): WorkflowHandle;
  close(): Promise<void>;
}

export interface WorkerSetup {
  /** In place of the plain fakes; asked at each call. */
  readonly activities?: () => Partial<Activities>;
  readonly rules?: Partial<RetryRules>;
  /** Another worker's, to go on where it stopped. */
  readonly queue?: string;
}

const coverage = new WorkflowCoverage();
const isCovering = '__coverage__' in globalThis;

/** Of all that is bundled, and of the place: coverage names its files by their full path. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(WORKFLOWS);
  for (const room of [WORKFLOWS, DOMAIN]) {
    const names = (await readdir(room)).filter((name) => /(?<!\.test)\.ts$/.test(name)).sort();
    for (const name of names) hash.update(name).update(await readFile(path.join(room, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Bundling takes seconds, so test files share one bundle per state of the sources. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const kind = isCovering ? 'covered' : 'plain';
  const codePath = path.join(os.tmpdir(), `lm-workflows-${await fingerprint()}-${kind}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode(
    coverage.augmentBundleOptions({
      workflowsPath: require.resolve('../workflows/index'),
      logger: new DefaultLogger('ERROR'),
    }),
  );
  const partial = `${codePath}.${randomUUID()}`;
  await writeFile(partial, code);
  await rename(partial, codePath);
  return { codePath };
}

/** Nobody watches; replays collect coverage too when told to. */
export const testSinks = (callDuringReplay = false): Pick<WorkerOptions, 'sinks'> => {
  const sinks = jobSinks(nobodyHears);
  if (!isCovering) return { sinks };
  const { merge } = coverage.sinks.coverage;
  return { sinks: { ...sinks, coverage: { merge: { ...merge, callDuringReplay } } } };
};

/**
 * jest 30 refuses istanbul's own objects and wants plain ones. A file that jest itself measures, here or in its unit
 * test, has other statements there than in the bundle, so the two must not be mixed.
 */
export function mergeCoverage(): void {
  if (!isCovering) return;
  const all = globalThis as unknown as { __coverage__: Record<string, unknown> };
  const isOnlyBundled = (file: string) =>
    !(file in all.__coverage__) && !existsSync(file.replace(/\.ts$/, '.test.ts'));
  coverage.coverageMapsData = coverage.coverageMapsData.map((data) =>
    Object.fromEntries(Object.entries(data).filter(([file]) => isOnlyBundled(file))),
  );
  coverage.mergeIntoGlobalCoverage();
  all.__coverage__ = JSON.parse(JSON.stringify(all.__coverage__)) as Record<string, unknown>;
}

let quiet: Runtime | undefined;

/** Expected failures are no news. */
export function quietRuntime(): void {
  quiet ??= Runtime.install({ logger: new DefaultLogger('ERROR') });
}

function recorded(activities: Activities, calls: Call[]): Activities {
  const entries = Object.entries(activities).map(([name, run]) => {
    const noted = (input: Record<string, unknown>): unknown => {
      calls.push({ name: name as keyof Activities, input });
      return (run as (input: object) => unknown)(input);
    };
    return [name, noted] as const;
  });
  return Object.fromEntries(entries) as unknown as Activities;
}

const jobOf = (handle: WorkflowHandle): RunningJob => {
  const state = async () => (await handle.describe()).memo?.['state'] as JobState;
  return {
    handle,
    state,
    async until(holds) {
      const giveUpAt = Date.now() + 20_000;
      for (;;) {
        const seen = await state();
        if (seen && holds(seen)) return seen;
        if (Date.now() > giveUpAt) throw new Error(`it did not come to that: ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
};

/** The worker of production (queues, interceptor, retries) around plain fakes. */
export async function startWorkflowWorker({
  activities,
  rules,
  queue = `t${randomUUID().slice(0, 8)}`,
}: WorkerSetup = {}): Promise<WorkflowWorker> {
  quietRuntime();
  const address = serverUrls().temporal;
  const [connection, native, bundle] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
    workflowBundle(),
  ]);
  const client = new Client({ connection });
  const calls: Call[] = [];
  const outcomes: JobOutcome[] = [];
  const fakes = changingActivities(() => ({
    recordOutcome: async (outcome) => void outcomes.push(outcome),
    ...activities?.(),
  }));
  const workers = await createWorkers({
    ...{ connection: native, namespace: 'default', queue, cores: 8 },
    activities: recorded(fakes, calls),
    providers: ['first', 'second'],
    rules: retryRules({ baseS: 0.02, ...rules }),
    workflows: { workflowBundle: bundle, ...testSinks() },
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  let ended: Promise<void> | undefined;
  async function end(): Promise<void> {
    for (const worker of workers) worker.shutdown();
    await running;
    await Promise.all([connection.close(), native.close()]);
    mergeCoverage();
  }
  return {
    ...{ client, queue, calls, outcomes },
    callsOf: (name) => calls.filter((call) => call.name === name).map((call) => call.input),
    handleOf: (job_id, run_id) => client.workflow.getHandle(job_id, run_id),
    async start(type, input, over = {}) {
      const job_id = randomUUID();
      const start: JobStart<unknown> = {
        ...{ schema: 'job/1', job_id, owner_id: 'owner', run: 1, revision: 1, input },
        ...over,
      };
      return jobOf(
        await client.workflow.start(type, { args: [start], taskQueue: queue, workflowId: job_id }),
      );
    },
    close: () => (ended ??= end()),
  };
}
