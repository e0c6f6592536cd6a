/** A test file's own world on the shared servers: a database, a blob folder, a task queue. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { connectDb, type Db } from '../prisma/client';
import { diskBlobs, type Blobs } from '../store/blobs';

interface ServerUrls {
  readonly temporal: string;
  readonly database: string;
  readonly redis: string;
  readonly chroma: string;
}

export const serverUrls = (): ServerUrls => JSON.parse(process.env['LM_TEST_SERVERS'] ?? '{}') as ServerUrls;

/** A copy of the migrated database takes a tenth of a second; migrating anew takes one. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const template = new URL(serverUrls().database);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name} TEMPLATE "${template.pathname.slice(1)}" STRATEGY FILE_COPY`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

export interface World {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly blobs: Blobs;
  readonly folder: string;
  readonly client: Client;
  readonly queue: string;
  readonly owner_id: string;
  /** Called in reverse order by `close`. */
  onClose(end: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const database = await createDatabase();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-test-'));
  const db = connectDb(database.url);
  const connection = await Connection.connect({ address: serverUrls().temporal });
  const owner_id = randomUUID();
  await db.users.create({ data: { id: owner_id, email: `${owner_id}@example.org`, tier: 'premium' } });
  const endings: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => database.drop(),
    () => connection.close(),
    () => db.$disconnect(),
  ];
  return {
    ...{ db, folder, owner_id, databaseUrl: database.url },
    blobs: diskBlobs(path.join(folder, 'blobs')),
    client: new Client({ connection }),
    queue: `test-${randomUUID()}`,
    onClose: (end) => void endings.push(end),
    close: async () => {
      for (const end of endings.reverse()) await end();
    },
  };
}
