/** A real worker in this process: real activities and ffmpeg, and a vendor of our own whose faults a test scripts. */
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { retryRules } from '../activities/failures';
import { createBudgets, type BudgetLimits } from '../activities/budgets';
import { createActivities } from '../activities/index';
import { loadMetrics } from '../activities/load-fonts';
import { startOpenAiServer, type OpenAiServer } from '../activities/providers/__fixtures__/openai-server';
import type { FaultScript } from '../activities/providers/__fixtures__/faults';
import { createProviders, type ProviderWatch } from '../activities/providers/registry';
import { publishChanges } from '../store/changes';
import { chromaVectors } from '../store/vectors';
import { createLog } from '../log';
import { watchControls } from '../workers/controls';
import { createLedger } from '../workers/ledger';
import { createWorkers } from '../workers/run';
import { jobSinks } from '../workers/sinks';
import { startStatus } from '../workers/status';
import { createWatch } from '../workers/watch';
import { ffmpegPath } from './samples';
import { serverUrls, type World } from './world';

export interface TestWorker {
  /** Recognises and speaks at once; counts calls and has the faults that a test gives it. */
  readonly vendor: OpenAiServer;
  /** Also done when the world closes. */
  stop(): Promise<void>;
}

export interface TestWorkerOptions {
  readonly faults?: FaultScript;
  /** What the vendor hears in so many seconds of sound. */
  readonly transcript?: (seconds: number) => string;
  readonly stepTimeoutS?: number;
  readonly budgets?: BudgetLimits;
}

/** Failures are what tests are about: they look at the job, and not into a log. */
let quiet: Runtime | undefined;

const BUNDLE = path.resolve(__dirname, '..', 'dist', 'workflow-bundle.js');

const providersOf = (vendor: OpenAiServer, watch: ProviderWatch) =>
  createProviders({
    watch,
    order: {
      transcriber: ['openai'],
      speaker: ['openai'],
      embedder: [],
      language_model: ['openai'],
      illustrator: ['drawn'],
      ocr: [],
    },
    ...{
      processes: 1,
      idleMs: 1_000,
      breakerCooldownS: 1,
      whisperModel: 'tiny.en',
      paths: () => ({}),
      loadMetrics,
    },
    vendors: {
      openai: {
        base_url: vendor.baseUrl,
        ...{ chat_model: 'chat', speech_model: 'speech', transcription_model: 'transcription' },
      },
    },
  });

/** Runs the workers until the returned function is called; a worker that dies is an error there. */
function run(workers: readonly Worker[]): () => Promise<void> {
  const running = Promise.all(workers.map((worker) => worker.run()));
  running.catch(() => undefined);
  return async () => {
    workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown());
    await running;
  };
}

export async function startTestWorker(world: World, options: TestWorkerOptions = {}): Promise<TestWorker> {
  if (!existsSync(BUNDLE)) throw new Error('The workflows are not bundled: npm run build');
  quiet ??= Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { db, blobs, queue } = world;
  const { faults = {}, transcript, stepTimeoutS = 60 } = options;
  const vendor = await startOpenAiServer({ transcript });
  vendor.faults(faults);
  const problems: unknown[] = [];
  const onError = (error: unknown) => void problems.push(error);
  const ledger = createLedger({ db, onError });
  const controls = await watchControls(db, { onError, everyMs: 100 });
  const worker = queue;
  const metrics = { called: () => undefined, circuit: () => undefined };
  const changed = () => status.report();
  const log = createLog('fatal');
  const budgets = createBudgets({ db, limits: options.budgets ?? {} });
  const providers = providersOf(
    vendor,
    createWatch({ db, ledger, metrics, controls, budgets, log, worker, changed }),
  );
  const connection = await NativeConnection.connect({ address: serverUrls().temporal });
  const vectors = chromaVectors(serverUrls().chroma, queue);
  const changes = publishChanges(serverUrls().redis);
  const activities = createActivities({
    budgets,
    ...{ db, blobs, vectors, providers, stepTimeoutS, loadMetrics },
    ...{ ffmpeg: ffmpegPath(), embedder: 'none' },
  });
  const workers = await createWorkers({
    ...{ connection, namespace: 'default', queue, activities, cores: 2, ledger },
    providers: ['openai', 'drawn'],
    rules: retryRules({ baseS: 0.05, maxDelayS: 0.2, stepTimeoutS }),
    workflows: { workflowBundle: { codePath: BUNDLE }, sinks: jobSinks(changes) },
  });
  const stopRunning = run(workers);
  const status = await startStatus(db, { id: queue, offers: providers.offers, onError: () => undefined });

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await stopRunning();
    controls.stop();
    await status.stop();
    changes.close();
    await connection.close();
    await vendor.close();
  };
  const stopOnce = () => (stopped ??= stop());
  world.onClose(stopOnce);
  return { vendor, stop: stopOnce };
}
