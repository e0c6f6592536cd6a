/** The HTTP process: connections, the app, the sweep. */
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Redis } from 'ioredis';
import pino, { type Logger } from 'pino';
import { loadConfig, type Config } from '../config';
import { connectDb, type Db } from '../prisma/client';
import { diskBlobs } from '../store/blobs';
import { hearChanges } from '../store/changes';
import { DEFAULT_QUEUE } from '../workflows/queues';
import { createApp } from './app';
import { createJobStarter } from './jobs/start';
import { createJobReader } from './jobs/status';
import { startSweeping } from './jobs/sweep';
import { createJobEngine } from './jobs/temporal';
import { listen } from './listen';
import type { Probe } from './ops/health';

/** Until there are accounts: one user, the developer. */
const DEVELOPER = { id: '00000000-0000-4000-8000-000000000001', email: 'developer@localhost' };

interface Connections {
  readonly db: Db;
  readonly client: Client;
  readonly redis: Redis | undefined;
  close(): Promise<void>;
}

/** Temporal and Redis may be away at boot: jobs are accepted and wait, and health says what is missing. */
function connect(config: Config, log: Logger): Connections {
  const { database, redis: redisUrl } = config.urls;
  if (!database) throw new Error('DATABASE_URL is not set; `npm start` sets it for the processes it starts');
  const db = connectDb(database);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  const client = new Client({ connection, namespace: namespace ?? config.temporal_namespace });
  const redis = redisUrl ? new Redis(redisUrl, { maxRetriesPerRequest: 1 }) : undefined;
  redis?.on('error', (error: Error) => log.debug({ err: error }, 'redis'));
  return {
    ...{ db, client, redis },
    async close() {
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

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ level: config.log_level });
  const connections = connect(config, log);
  const { db, client } = connections;
  await db.users.upsert({ where: { id: DEVELOPER.id }, create: DEVELOPER, update: {} });

  const engine = createJobEngine({ client, queue: DEFAULT_QUEUE });
  const onLaunchError = (error: unknown) => log.warn({ err: error }, 'a job waits for the engine');
  const onChangeError = (error: unknown) => log.debug({ err: error }, 'a change was not looked at');
  const reader = createJobReader({ db, engine });
  const { redis } = config.urls;
  const hearing = redis
    ? hearChanges(redis, (change) => void reader.changed(change).catch(onChangeError))
    : undefined;
  const app = createApp({
    ...{ db, engine, reader, userId: DEVELOPER.id },
    starter: createJobStarter({ db, engine, onLaunchError }),
    blobs: diskBlobs(path.join(config.data_dir, 'blobs')),
    probes: probesOf(config, connections),
    maxUploadBytes: config.http.max_upload_bytes,
    trustProxy: config.http.trust_proxy,
    logError: (error, request) => log.error({ err: error, ...request }, 'request failed'),
  });
  const sweeping = startSweeping(
    { db, engine },
    { onError: (error) => log.warn({ err: error }, 'sweep failed') },
  );
  const listening = await listen(app, config.http);
  process.send?.({ ready: true, url: listening.url });
  log.info({ url: listening.url }, 'listening');

  const stop = async () => {
    await Promise.all([listening.stop(), sweeping.stop()]);
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
