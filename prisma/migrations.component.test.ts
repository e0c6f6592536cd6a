/** Every migration, rehearsed on data of every version before it; the engine runs in a process of its own. */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { serverUrls } from '../testing/world';
import { connectDb, type Db } from './client';
import { Prisma } from './generated/client';

const FOLDER = path.join(__dirname, 'migrations');
const VERSIONS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const LATEST = VERSIONS.at(-1)!;

/** By hand in a migration, because schema.prisma cannot say it. */
const BY_HAND = ['artifacts_passages_idx'];

const ENGINE = ['--import', 'tsx', path.join(__dirname, 'migrate.ts')];
const engine = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [...ENGINE, ...args])).stdout.trim();

let scratch: string;
const made: string[] = [];
beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'lm-migrations-'));
});
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  for (const name of made) await sql(inDatabase('postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
});

function inDatabase(name: string): string {
  const url = new URL(serverUrls().database);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

type Row = Record<string, unknown>;

const sql = (url: string, text: string): Promise<Row[]> =>
  withClient(url, async (client) => (await client.query<Row>(text)).rows);

async function emptyDatabase(): Promise<string> {
  const name = `migrations_${randomUUID().replaceAll('-', '')}`;
  await sql(inDatabase('postgres'), `CREATE DATABASE ${name}`);
  made.push(name);
  return inDatabase(name);
}

/** The migrations up to a version, and perhaps one more. */
function folderUpTo(version: string, more: Record<string, string> = {}): string {
  const folder = mkdtempSync(path.join(scratch, 'up-to-'));
  cpSync(path.join(FOLDER, 'migration_lock.toml'), path.join(folder, 'migration_lock.toml'));
  for (const name of VERSIONS.filter((name) => name <= version))
    cpSync(path.join(FOLDER, name), path.join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(more)) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'migration.sql'), text);
  }
  return folder;
}

const fixtureOf = (version: string) => path.join(__dirname, '__fixtures__', `${version}.sql`);

/** Each version's fixture goes on top of the one before. */
const fill = (url: string, version: string) =>
  withClient(url, async (client) => {
    for (const name of VERSIONS.filter((name) => name <= version))
      if (existsSync(fixtureOf(name))) await client.query(readFileSync(fixtureOf(name), 'utf8'));
  });

async function filledDatabase(version: string): Promise<string> {
  const url = await emptyDatabase();
  await engine('apply', url, folderUpTo(version));
  await fill(url, version);
  return url;
}

interface Column extends Row {
  readonly table: string;
  readonly column: string;
  readonly nullable: boolean;
}

const columnsOf = (url: string) =>
  sql(
    url,
    `SELECT table_name AS "table", column_name AS "column", is_nullable = 'YES' AS nullable
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations'
     ORDER BY 1, 2`,
  ) as Promise<Column[]>;

/** As text, so that rows can be sorted and compared whatever reads them. */
const plain = (row: Row): string =>
  JSON.stringify(
    Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );

const tablesOf = (columns: readonly Column[]) => [...new Set(columns.map(({ table }) => table))];

/** All rows of all tables, in the given columns. */
async function snapshot(url: string, columns: readonly Column[]): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const table of tablesOf(columns)) {
    const names = columns.filter((one) => one.table === table).map(({ column }) => `"${column}"`);
    rows[table] = (await sql(url, `SELECT ${names.join(', ')} FROM "${table}"`)).map(plain).sort();
  }
  return rows;
}

const countOf = (rows: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(rows).map(([table, { length }]) => [table, length]));

/** Columns that say nothing here: without a row, always null, or never null although they may be. */
async function unrepresented(url: string, columns: readonly Column[]): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column, nullable } of columns) {
    const [counted] = await sql(
      url,
      `SELECT count("${column}")::int AS given, (count(*) - count("${column}"))::int AS missing FROM "${table}"`,
    );
    if (counted!['given'] === 0) found.push(`${table}.${column} has no value`);
    if (nullable && counted!['missing'] === 0) found.push(`${table}.${column} is never null`);
  }
  return found;
}

describe.each(VERSIONS)('a database of %s', (version) => {
  let url: string;
  let columns: Column[];
  let before: Record<string, string[]>;
  let empty: string[];
  let applied: string;
  const reads: unknown[] = [];

  /** What the version before reads meanwhile. */
  async function readUntil(over: AbortSignal): Promise<void> {
    while (!over.aborted) reads.push(await snapshot(url, columns).catch((error: unknown) => error));
  }

  beforeAll(async () => {
    url = await filledDatabase(version);
    columns = await columnsOf(url);
    empty = await unrepresented(url, columns);
    before = await snapshot(url, columns);
    const over = new AbortController();
    const reading = readUntil(over.signal);
    applied = await engine('apply', url);
    over.abort();
    await reading;
  });

  test('is filled with rows of every table, with and without each optional value', () => {
    expect(empty).toEqual([]);
  });

  test('takes all later migrations, and once only', async () => {
    const later = VERSIONS.filter((name) => name > version);
    expect(applied).toBe(later.join('\n') || 'up to date');
    const now = await columnsOf(url);
    const after = await snapshot(url, now);
    expect(await engine('apply', url)).toBe('up to date');
    expect(await snapshot(url, now)).toEqual(after);
  });

  test('has all its rows and values', async () => {
    expect(await snapshot(url, columns)).toEqual(before);
  });

  test('was read by the version before all the while', () => {
    expect(reads).not.toEqual([]);
    for (const read of reads) expect(read).toEqual(before);
  });

  test('is read by the client, every table and every value', async () => {
    const db: Db = connectDb(url);
    try {
      const read: Record<string, string[]> = {};
      for (const model of Object.values(Prisma.ModelName)) {
        const { findMany } = db[model] as unknown as { findMany(): Promise<Row[]> };
        read[model] = (await findMany()).map(plain).sort();
      }
      expect(read).toEqual(await snapshot(url, await columnsOf(url)));
    } finally {
      await db.$disconnect();
    }
  });

  test('still takes what the version before writes', async () => {
    await sql(url, `TRUNCATE ${tablesOf(columns).join(', ')} CASCADE`);
    await fill(url, version);
    expect(countOf(await snapshot(url, columns))).toEqual(countOf(before));
  });
});

describe('what is new gets sensible values', () => {
  test('accounts: whoever was there is a student without a password', async () => {
    const url = await filledDatabase('20261122195407_initial');
    await engine('apply', url);
    const rows = await sql(
      url,
      'SELECT DISTINCT role, tier, password_hash IS NULL AS none, email_verified_at FROM users',
    );
    expect(rows).toEqual([{ role: 'student', tier: 'free', none: true, email_verified_at: null }]);
  });

  test('retention: films can be made again, everything else is kept, and nothing has an end yet', async () => {
    const url = await filledDatabase('20261123020344_accounts');
    await engine('apply', url);
    const rows = await sql(url, 'SELECT kind, retention, expires_at FROM artifacts ORDER BY kind');
    const kept = { retention: 'kept', expires_at: null };
    expect(rows).toEqual([
      { kind: 'summary', ...kept },
      { kind: 'transcript', ...kept },
      { kind: 'video', retention: 'derived', expires_at: null },
      { kind: 'voiceover', ...kept },
    ]);
  });
});

/** Columns, indexes and constraints, as PostgreSQL tells them. */
const structureOf = async (url: string): Promise<string[]> => {
  const rows = await sql(
    url,
    `SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name || coalesce(datetime_precision::text, ''),
            is_nullable, column_default) AS said FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
  );
  const said = rows.map((row) => String(row['said']));
  return said
    .filter((one) => !one.includes('_prisma_migrations') && !BY_HAND.some((name) => one.includes(name)))
    .sort();
};

test('the migrations give what schema.prisma says, no more and no less', async () => {
  const [migrated, wanted] = [await emptyDatabase(), await emptyDatabase()];
  await engine('apply', migrated);
  await sql(wanted, await engine('sql', wanted));
  expect(await structureOf(migrated)).toEqual(await structureOf(wanted));
});

test('what was applied is noted with the sum of what has landed', async () => {
  const url = await emptyDatabase();
  await engine('apply', url);
  const rows = await sql(url, 'SELECT checksum, migration_name FROM _prisma_migrations ORDER BY 2');
  const sums = rows.map(
    (row) => `${String(row['checksum'])}  ${String(row['migration_name'])}/migration.sql`,
  );
  expect(sums.join('\n')).toBe(readFileSync(path.join(FOLDER, 'SHA256SUMS'), 'utf8').trim());
});

test('processes that start together apply each migration once', async () => {
  const url = await emptyDatabase();
  const all = await Promise.all([1, 2, 3].map(() => engine('apply', url)));
  expect(all.sort()).toEqual([VERSIONS.join('\n'), 'up to date', 'up to date']);
});

describe('a migration that does not come to its end', () => {
  const NEXT = '99990101000000_next';
  const GOOD = `CREATE TABLE half (id INT); INSERT INTO half VALUES (1); -- a;b`;

  const everything = async (url: string) => [
    await structureOf(url),
    await snapshot(url, await columnsOf(url)),
  ];

  /** Corrected, it is applied, as if it had never been tried. */
  async function goesOn(url: string): Promise<void> {
    expect(await engine('apply', url, folderUpTo(LATEST, { [NEXT]: GOOD }))).toBe(NEXT);
    expect(await sql(url, 'SELECT * FROM half')).toEqual([{ id: 1 }]);
    expect(await engine('apply', url, folderUpTo(LATEST, { [NEXT]: GOOD }))).toBe('up to date');
  }

  test('leaves the database as it was, and may be tried again', async () => {
    const url = await filledDatabase(LATEST);
    const before = await everything(url);
    const broken = folderUpTo(LATEST, { [NEXT]: `${GOOD}\n; DELETE FROM users; SELECT 1 / 0` });
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(engine('apply', url, broken)).rejects.toThrow(/division by zero/);
      expect(await everything(url)).toEqual(before);
    }
    await goesOn(url);
  });

  test('leaves it so also when its process is killed in the middle', async () => {
    const url = await filledDatabase(LATEST);
    const before = await everything(url);
    const slow = folderUpTo(LATEST, { [NEXT]: `${GOOD}\n; DELETE FROM users; SELECT pg_sleep(600)` });
    const child = spawn(process.execPath, [...ENGINE, 'apply', url, slow], { stdio: 'ignore' });
    const sleeping = () =>
      sql(
        url,
        `SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
      );
    while ((await sleeping()).length === 0) await sleep(50);
    child.kill('SIGKILL');
    while ((await sleeping()).length > 0) await sleep(50);
    expect(await everything(url)).toEqual(before);
    await goesOn(url);
  });
});
