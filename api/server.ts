/** The HTTP process: connections, the app, the sweep, the upkeep. */
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { loadConfig, type Config } from '../config';
import { createLog } from '../log';
import { version } from '../package.json';
import { connectDb, type Db } from '../prisma/client';
import { blobsFor } from '../store/blobs-for';
import { createBuckets, type Buckets } from '../store/buckets';
import { createCache, type Cache } from '../store/cache';
import { hearChanges } from '../store/changes';
import { DEFAULT_QUEUE } from '../workflows/queues';
import { createApp } from './app';
import { createAuth } from './auth/create';
import { smtp } from './auth/smtp';
import { diskPartialUploads, startSweepingUploads } from './content/partial-uploads';
import { createJobStarter } from './jobs/start';
import { createJobReader } from './jobs/status';
import { startSweeping } from './jobs/sweep';
import { createJobEngine } from './jobs/temporal';
import { listen } from './listen';
import type { Probe } from './ops/health';
import { createQueueRates, keepRates } from './ops/queue-rates';
import { startUpkeep } from './ops/upkeep';

/** Nobody waits longer for an answer than ten seconds; every query of ours takes milliseconds. */
const STATEMENT_MS = 4_000;

interface Connections {
  readonly db: Db;
  readonly client: Client;
  readonly redis: Redis | undefined;
  readonly cache: Cache;
  readonly buckets: Buckets;
  close(): Promise<void>;
}

/** Temporal and Redis may be away at boot: jobs are accepted and wait, and health says what is missing. */
function connect(config: Config, log: Logger): Connections {
  const { database, redis: url } = config.urls;
  if (!database) throw new Error('DATABASE_URL is not set; `npm start` sets it for the processes it starts');
  const db = connectDb(database, { statementMs: STATEMENT_MS });
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  const client = new Client({ connection, namespace: namespace ?? config.temporal_namespace });
  const redis = url ? new Redis(url, { maxRetriesPerRequest: 1 }) : undefined;
  redis?.on('error', (error: Error) => log.debug({ err: error }, 'redis'));
  const [cache, buckets] = [createCache({ url }), createBuckets({ url })];
  return {
    ...{ db, client, redis, cache, buckets },
    async close() {
      for (const open of [cache, buckets]) open.close();
      redis?.disconnect();
      await connection.close();
      await db.$disconnect();
    },
  };
}

async function must(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}

function probesOf({ urls: { chroma } }: Config, { db, client, redis }: Connections): Record<string, Probe> {
  return {
    postgres: () => db.$queryRaw`SELECT 1`,
    temporal: (signal) =>
      client.withAbortSignal(signal, () => client.connection.workflowService.getSystemInfo({})),
    ...(chroma && { chroma: (signal) => fetch(new URL('/api/v2/heartbeat', chroma), { signal }).then(must) }),
    ...(redis && { redis: () => redis.ping() }),
  };
}

function authOf(
  { mail, service_tokens: services }: Config,
  { db, cache, buckets }: Connections,
  log: Logger,
) {
  return createAuth({
    ...{ db, cache, buckets, services },
    deliver: mail.smtp_url ? smtp({ url: mail.smtp_url, from: mail.from }) : undefined,
    showMail: (shown) => log.info({ mail: shown }, 'a mail, because SMTP_URL is not set'),
    onMailError: (error) => log.warn({ err: error }, 'a mail was not delivered'),
  });
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.log_level);
  const connections = connect(config, log);
  const { db, client, buckets } = connections;

  const stopping = new AbortController();
  const engine = createJobEngine({ client, queue: DEFAULT_QUEUE });
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const onLaunchError = warn('a job waits for the engine');
  const onChangeError = (error: unknown) => log.debug({ err: error }, 'a change was not looked at');
  const reader = createJobReader({ db, engine });
  const rates = createQueueRates({ client, queue: DEFAULT_QUEUE });
  const keeping = keepRates(db, rates, warn('rates were not told again'));
  const { redis } = config.urls;
  const hearing = redis
    ? hearChanges(redis, (change) => void reader.changed(change).catch(onChangeError))
    : undefined;
  const partials = diskPartialUploads(path.join(config.data_dir, 'uploads'));
  const { blobs } = blobsFor(config);
  const app = createApp({
    partials,
    ...{ db, engine, reader, buckets, version, ...authOf(config, connections, log) },
    starter: createJobStarter({ db, engine, onLaunchError }),
    blobs,
    rates,
    commonUsd: config.budgets.user_usd ?? null,
    probes: { ...probesOf(config, connections), ...(blobs.probe && { s3: blobs.probe }) },
    maxUploadBytes: config.http.max_upload_bytes,
    trustProxy: config.http.trust_proxy,
    corsOrigins: config.http.cors_origins,
    stopping: stopping.signal,
    logError: (error, request) => log.error({ err: error, ...request }, 'request failed'),
  });
  const sweeping = startSweeping({ db, engine }, { onError: warn('sweep failed') });
  const sweepingUploads = startSweepingUploads(partials, {
    onError: warn('unfinished uploads were not swept'),
  });
  const upkeep = startUpkeep(
    { db, blobs, derivedDays: config.retention_derived_days },
    {
      onError: warn('upkeep failed'),
      onDone: (what, count) => log.info({ what, count }, 'upkeep'),
    },
  );
  const listening = await listen(app, config.http);
  process.send?.({ ready: true, url: listening.url });
  log.info({ url: listening.url }, 'listening');

  const stop = async () => {
    stopping.abort();
    await Promise.all([listening.stop(), sweeping.stop(), upkeep.stop()]);
    keeping.stop();
    sweepingUploads.stop();
    hearing?.close();
    await connections.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
