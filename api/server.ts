/** The HTTP process: connections, the app, the sweep. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Redis } from 'ioredis';
import pino from 'pino';
import { loadConfig, type Config } from '../config';
import { connectDb, type Db } from '../prisma/client';
import { diskBlobs } from '../store/blobs';
import { DEFAULT_QUEUE } from '../workflows/queues';
import { createApp } from './app';
import { createJobStarter } from './jobs/start';
import { createJobReader } from './jobs/status';
import { startSweeping } from './jobs/sweep';
import { createJobEngine } from './jobs/temporal';
import type { Probe } from './ops/health';

/** Until there are accounts: one user, the developer. */
const DEVELOPER = { id: '00000000-0000-4000-8000-000000000001', email: 'developer@localhost' };

function probesOf(config: Config, db: Db, client: Client, redis: Redis | undefined): Record<string, Probe> {
  const { chroma } = config.urls;
  return {
    postgres: () => db.$queryRaw`SELECT 1`,
    temporal: () => client.connection.workflowService.getSystemInfo({}),
    ...(chroma && { chroma: (signal) => fetch(new URL('/api/v2/heartbeat', chroma), { signal }).then(must) }),
    ...(redis && { redis: () => redis.ping() }),
  };
}

async function must(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ level: config.log_level });
  if (!config.urls.database)
    throw new Error('DATABASE_URL is not set; `npm start` sets it for the processes it starts');
  const db = connectDb(config.urls.database);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  const client = new Client({ connection, namespace: namespace ?? config.temporal_namespace });
  const redis = config.urls.redis ? new Redis(config.urls.redis, { maxRetriesPerRequest: 1 }) : undefined;
  redis?.on('error', (error: Error) => log.debug({ err: error }, 'redis'));
  await db.users.upsert({ where: { id: DEVELOPER.id }, create: DEVELOPER, update: {} });

  const engine = createJobEngine({ client, queue: DEFAULT_QUEUE });
  const onLaunchError = (error: unknown) => log.warn({ err: error }, 'a job waits for the engine');
  const starter = createJobStarter({ db, engine, onLaunchError });
  const app = createApp({
    ...{ db, engine, starter, userId: DEVELOPER.id },
    reader: createJobReader({ db, engine }),
    blobs: diskBlobs(path.join(config.data_dir, 'blobs')),
    probes: probesOf(config, db, client, redis),
    maxUploadBytes: config.http.max_upload_bytes,
    trustProxy: config.http.trust_proxy,
    logError: (error, request) => log.error({ err: error, ...request }, 'request failed'),
  });
  const sweeping = startSweeping(
    { db, engine, starter },
    { onError: (error) => log.warn({ err: error }, 'sweep failed') },
  );

  const server = app.listen(config.http.port, config.http.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  process.send?.({ ready: true, url: `http://${address}:${port}` });
  log.info({ url: `http://${address}:${port}` }, 'listening');

  const stop = async () => {
    server.close();
    server.closeIdleConnections();
    await sweeping.stop();
    redis?.disconnect();
    await connection.close();
    await db.$disconnect();
    process.exit(0);
  };
  // A supervisor that is gone cannot stop us; the next one would only have to end us.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
