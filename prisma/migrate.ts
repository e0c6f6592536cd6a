/**
 * Applies (and makes) the SQL files of `migrations/` with Prisma's own schema engine compiled to WebAssembly,
 * which needs no downloaded binary and writes the standard `_prisma_migrations` table,
 * so that `prisma migrate deploy` works on the same database.
 */
import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { findBreaking } from './additive';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm' with {
  'resolution-mode': 'import',
};

/** Node has it, `lib: ES2023` and @types/node 20 do not say so. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Record<string, unknown>,
  ): Promise<{ exports: { __wbindgen_start(): void } }>;
};

const NO_FILTER = { externalTables: [], externalEnums: [] };

/** Compiled code lies in dist/, the SQL beside the sources. */
const folder =
  path.basename(path.dirname(__dirname)) === 'dist' ? path.join(__dirname, '../../prisma') : __dirname;

/** One instance for all engines of a process: the bindings keep views of its memory. */
let loaded: ReturnType<typeof loadBindings> | undefined;

async function loadBindings() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasmFile = createRequire(__filename)
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
  const module = await WebAssembly.compile(await readFile(wasmFile));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/** A migration that is applied says so in its own transaction: there is no moment at which only one of the two is true. */
const NOTE = `;
  UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

/**
 * The adapter cuts a script at each semicolon and runs the parts one by one: one that fails leaves half of it.
 * Sent as a whole, PostgreSQL makes one transaction of it. The first script makes the table of migrations.
 */
function allOrNothing(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) =>
      void (await adapter.executeRaw({ sql: script + NOTE, args: [], argTypes: [] }));
    return adapter;
  };
  return factory;
}

/** PostgreSQL gives up what it does for a process that was killed, within a second. */
const END_WITH_US = '-c client_connection_check_interval=1s';

/** The engine leaves its connections open; a database with one cannot be copied or dropped. */
async function withEngine<Result>(
  databaseUrl: string,
  work: (engine: SchemaEngine, pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const pool = new pg.Pool({ connectionString: databaseUrl, options: END_WITH_US });
  const { SchemaEngine } = await (loaded ??= loadBindings());
  const adapter = bindMigrationAwareSqlAdapterFactory(allOrNothing(new PrismaPg(pool)));
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
  try {
    return await work(engine, pool);
  } finally {
    engine.free();
    await pool.end();
  }
}

async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => {
      const value = await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
  );
  const content = await readFile(path.join(baseDir, 'migration_lock.toml'), 'utf8');
  return {
    baseDir,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content },
    migrationDirectories,
  };
}

/** What whoever applies migrations holds meanwhile; Prisma's own number. */
const ENGINE_LOCK = 72707369;

/** One that broke, or whose process was killed, left nothing behind: it may be tried again. */
async function forgetBroken(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  );
  if (!rows[0]?.there) return;
  // As one script, so one transaction: nobody is in the middle of a migration while it runs.
  await pool.query(`SELECT pg_advisory_xact_lock(${ENGINE_LOCK});
    UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`);
}

/** Brings the database up to date and returns the names of the migrations it applied. */
export async function migrate(
  databaseUrl: string,
  migrations = path.join(folder, 'migrations'),
): Promise<string[]> {
  const migrationsList = await readMigrations(migrations);
  const applied = await withEngine(databaseUrl, async (engine, pool) => {
    await forgetBroken(pool);
    return engine.applyMigrations({ migrationsList, filters: NO_FILTER });
  });
  return applied.appliedMigrationNames;
}

/**
 * The SQL of what `schema.prisma` has and `previousSchema`, or an empty database, has not.
 * The engine wants a reachable database although nothing is read from it; any will do.
 */
export async function schemaSql(databaseUrl: string, previousSchema?: string): Promise<string | null> {
  const content = await readFile(path.join(folder, 'schema.prisma'), 'utf8');
  const from = previousSchema
    ? { tag: 'schemaDatamodel' as const, files: [{ path: 'previous.prisma', content: previousSchema }] }
    : { tag: 'empty' as const };
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] };
  const { stdout } = await withEngine(databaseUrl, (engine) =>
    engine.diff({ from, to, script: true, exitCode: null, filters: NO_FILTER }),
  );
  return stdout;
}

/** Writes the next migration. */
export async function makeMigration(
  databaseUrl: string,
  name: string,
  previousSchema?: string,
): Promise<string | undefined> {
  const sql = await schemaSql(databaseUrl, previousSchema);
  if (!sql || sql.includes('This is an empty migration')) return undefined;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = path.join(folder, 'migrations', `${stamp}_${name}`);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'migration.sql'), sql);
  return directory;
}

const USAGE = `usage: migrate apply DATABASE_URL [FOLDER]
       migrate make DATABASE_URL NAME [PREVIOUS_SCHEMA_FILE]
       migrate sql DATABASE_URL   (what an empty database needs to be as schema.prisma says)`;

async function run([command, databaseUrl, ...rest]: string[]): Promise<string> {
  const [name, previous] = rest;
  if (command === 'apply' && databaseUrl)
    return (await migrate(databaseUrl, name)).join('\n') || 'up to date';
  if (command === 'sql' && databaseUrl) return (await schemaSql(databaseUrl)) ?? '';
  if (command !== 'make' || !databaseUrl || !name) return USAGE;
  const made = await makeMigration(databaseUrl, name, previous && (await readFile(previous, 'utf8')));
  if (!made) return 'nothing to migrate';
  const breaking = findBreaking(await readFile(path.join(made, 'migration.sql'), 'utf8'));
  return [made, ...breaking.map((said) => `the version before cannot live with ${said}`)].join('\n');
}

/** The engine's timer for its lock runs on for ten seconds: nobody waits for that. */
async function main(): Promise<never> {
  console.log(await run(process.argv.slice(2)));
  process.exit();
}

if (require.main === module) void main();
