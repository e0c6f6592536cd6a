/** The worker process: everything that touches the world is put together here. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { retryRules } from '../activities/failures';
import { createBudgets, type Budgets } from '../activities/budgets';
import { createActivities } from '../activities/index';
import { loadMetrics } from '../activities/load-fonts';
import { locateAsset } from '../assets/locate';
import { loadConfig, type Config } from '../config';
import type { Offer } from '../domain/offer';
import { createLog } from '../log';
import { connectDb, type Db } from '../prisma/client';
import { blobsFor } from '../store/blobs-for';
import { nobodyHears, publishChanges } from '../store/changes';
import { chromaVectors } from '../store/vectors';
import { DEFAULT_QUEUE } from '../workflows/queues';
import { watchControls } from './controls';
import { createLedger } from './ledger';
import { temporalLogger } from './log';
import { createMetrics } from './metrics';
import { providersOf } from './providers';
import { createWorkers } from './run';
import { jobSinks } from './sinks';
import { startStatus } from './status';
import { startTidying } from './tidy';
import { createWatch } from './watch';

const BUNDLE = path.join(__dirname, '..', 'workflow-bundle.js');

/** Temporal's own figures and ours, where somebody wants to read them. */
const telemetryOf = ({ worker: { metrics_address: bindAddress } }: Config) =>
  bindAddress ? { telemetryOptions: { metrics: { prometheus: { bindAddress } } } } : {};

interface Seen {
  readonly config: Config;
  readonly db: Db;
  readonly budgets: Budgets;
  readonly log: Logger;
  readonly runtime: Runtime;
  /** This worker's id among the others. */
  readonly worker: string;
  /** Called when planning should know something new at once. */
  readonly changed: () => Promise<void>;
}

/** The providers, with everybody who listens to them and may hold them. */
async function watchedProviders({ config, db, budgets, log, runtime, worker, changed }: Seen) {
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const ledger = createLedger({ db, onError: warn('what was used is not written down yet') });
  const controls = await watchControls(db, { onError: warn('what operators set is not known anew') });
  const metrics = createMetrics(runtime.metricMeter);
  const watch = createWatch({ db, ledger, metrics, controls, budgets, log, worker, changed });
  return { providers: providersOf(config, watch), ledger, controls };
}

/** Each of the configured ones once: it gets a queue. */
const namesOf = (offers: readonly Offer[]): string[] => [
  ...new Set(offers.filter(({ configured }) => configured).map(({ provider }) => provider)),
];

async function main(): Promise<void> {
  const config = loadConfig();
  const { database, chroma, redis } = config.urls;
  if (!database || !chroma) throw new Error('Set DATABASE_URL and CHROMA_URL, or let `npm start` do it');
  const log = createLog(config.log_level);
  const runtime = Runtime.install({
    logger: temporalLogger(log, config.log_level === 'debug' ? 'DEBUG' : 'WARN'),
    ...telemetryOf(config),
  });
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const db = connectDb(database);
  const changes = redis ? publishChanges(redis) : nobodyHears;
  const worker = `${os.hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const changed = () => status.report();
  const budgets = createBudgets({ db, limits: config.budgets });
  const seen = { config, db, budgets, log, runtime, worker, changed };
  const { providers, ledger, controls } = await watchedProviders(seen);
  const ffmpeg = config.ffmpeg_path ?? locateAsset('ffmpeg', config.cache_dir) ?? 'ffmpeg';
  const { blobs, scratch } = blobsFor(config);
  const activities = createActivities({
    ...{ db, providers, ffmpeg, blobs, vectors: chromaVectors(chroma) },
    stepTimeoutS: config.worker.step_timeout_s,
    ...{ embedder: config.providers.embedder[0] ?? 'mpnet', loadMetrics, budgets },
  });
  const workers = await createWorkers({
    connection,
    namespace: namespace ?? config.temporal_namespace,
    queue: DEFAULT_QUEUE,
    activities,
    providers: namesOf(providers.offers()),
    rules: retryRules({ baseS: config.worker.retry_base_s, stepTimeoutS: config.worker.step_timeout_s }),
    ...{ cores: config.worker.cpu_slots, ledger },
    workflows: { workflowBundle: { codePath: BUNDLE }, sinks: jobSinks(changes) },
  });
  const { offers } = providers;
  const status = await startStatus(db, { id: worker, offers, onError: warn('status not written') });
  const tidying = startTidying(
    [
      ...scratch.map((folder) => ({ folder, prefix: '' })),
      ...['lm-speak-', 'lm-film-'].map((prefix) => ({ folder: os.tmpdir(), prefix })),
    ],
    { onError: warn('leftovers not removed') },
  );
  process.send?.({ ready: true });
  // A supervisor that is gone cannot stop us; the next one would only have to end us.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    tidying.stop();
    controls.stop();
    await ledger.flush();
    await status.stop();
    changes.close();
    await connection.close();
    await db.$disconnect();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
