/** The worker process: everything that touches the world is put together here. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { retryRules } from '../activities/failures';
import { createActivities } from '../activities/index';
import { loadMetrics } from '../activities/load-fonts';
import { createProviders } from '../activities/providers/registry';
import { locateAsset } from '../assets/locate';
import { loadConfig, type Config } from '../config';
import { createLog } from '../log';
import { connectDb } from '../prisma/client';
import { diskBlobs, incomingIn } from '../store/blobs';
import { nobodyHears, publishChanges } from '../store/changes';
import { chromaVectors } from '../store/vectors';
import { DEFAULT_QUEUE } from '../workflows/queues';
import { temporalLogger } from './log';
import { createWorkers } from './run';
import { jobSinks } from './sinks';
import { startStatus } from './status';
import { startTidying } from './tidy';

const BUNDLE = path.join(__dirname, '..', 'workflow-bundle.js');

function makeProviders(config: Config) {
  const { worker, cache_dir, whisper_model } = config;
  return createProviders({
    order: config.providers,
    processes: worker.cpu_slots,
    idleMs: worker.engine_idle_s * 1000,
    breakerCooldownS: worker.breaker_cooldown_s,
    whisperModel: whisper_model,
    paths: () => ({
      whisper: locateAsset(`whisper-${whisper_model}`, cache_dir),
      moonshine: locateAsset('moonshine-tiny-en', cache_dir),
      piper: locateAsset('piper-joe', cache_dir),
      espeakData: locateAsset('espeak-ng-data', cache_dir),
      mpnet: locateAsset('mpnet', cache_dir),
    }),
    vendors: config.vendors,
    loadMetrics,
  });
}

async function main(): Promise<void> {
  const config = loadConfig();
  const { database, chroma, redis } = config.urls;
  if (!database || !chroma) throw new Error('Set DATABASE_URL and CHROMA_URL, or let `npm start` do it');
  const log = createLog(config.log_level);
  Runtime.install({ logger: temporalLogger(log, config.log_level === 'debug' ? 'DEBUG' : 'WARN') });
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const db = connectDb(database);
  const changes = redis ? publishChanges(redis) : nobodyHears;
  const providers = makeProviders(config);
  const ffmpeg = config.ffmpeg_path ?? locateAsset('ffmpeg', config.cache_dir) ?? 'ffmpeg';
  const blobFolder = path.join(config.data_dir, 'blobs');
  const activities = createActivities({
    db,
    providers,
    ffmpeg,
    blobs: diskBlobs(blobFolder),
    vectors: chromaVectors(chroma),
    stepTimeoutS: config.worker.step_timeout_s,
    embedder: config.providers.embedder[0] ?? 'mpnet',
    loadMetrics,
  });
  const workers = await createWorkers({
    connection,
    namespace: namespace ?? config.temporal_namespace,
    queue: DEFAULT_QUEUE,
    activities,
    providers: [...new Set(providers.offers().map((offer) => offer.provider))],
    rules: retryRules({ baseS: config.worker.retry_base_s, stepTimeoutS: config.worker.step_timeout_s }),
    cores: config.worker.cpu_slots,
    workflows: { workflowBundle: { codePath: BUNDLE }, sinks: jobSinks(changes) },
  });
  const status = await startStatus(db, {
    id: `${os.hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    offers: providers.offers,
    onError: (error) => log.warn({ err: error }, 'status not written'),
  });
  const tidying = startTidying(
    [
      { folder: incomingIn(blobFolder), prefix: '' },
      ...['lm-speak-', 'lm-film-'].map((prefix) => ({ folder: os.tmpdir(), prefix })),
    ],
    { onError: (error) => log.warn({ err: error }, 'leftovers not removed') },
  );
  process.send?.({ ready: true });
  // A supervisor that is gone cannot stop us; the next one would only have to end us.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    tidying.stop();
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
