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

async function loadEngine(pool: pg.Pool): Promise<SchemaEngine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasmFile = createRequire(__filename)
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
  const module = await WebAssembly.compile(await readFile(wasmFile));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
}

/** The engine leaves its connections open; a database with one cannot be copied or dropped. */
async function withEngine<Result>(
  databaseUrl: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const engine = await loadEngine(pool);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

async function readMigrations(): Promise<MigrationList> {
  const baseDir = path.join(folder, 'migrations');
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

/** Brings the database up to date and returns the names of the migrations it applied. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  const applied = await withEngine(databaseUrl, (engine) =>
    engine.applyMigrations({ migrationsList, filters: NO_FILTER }),
  );
  return applied.appliedMigrationNames;
}

/**
 * Writes the next migration: what `schema.prisma` has and `previousSchema` has not.
 * The engine wants a reachable database although nothing is read from it; any will do.
 */
export async function makeMigration(
  databaseUrl: string,
  name: string,
  previousSchema?: string,
): Promise<string | undefined> {
  const content = await readFile(path.join(folder, 'schema.prisma'), 'utf8');
  const from = previousSchema
    ? { tag: 'schemaDatamodel' as const, files: [{ path: 'previous.prisma', content: previousSchema }] }
    : { tag: 'empty' as const };
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] };
  const { stdout } = await withEngine(databaseUrl, (engine) =>
    engine.diff({ from, to, script: true, exitCode: null, filters: NO_FILTER }),
  );
  if (!stdout || stdout.includes('This is an empty migration')) return undefined;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = path.join(folder, 'migrations', `${stamp}_${name}`);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'migration.sql'), stdout);
  return directory;
}

async function main([command, ...rest]: string[]): Promise<void> {
  const [databaseUrl, name, previous] = rest;
  if (command === 'make' && databaseUrl && name) {
    console.log(
      (await makeMigration(databaseUrl, name, previous && (await readFile(previous, 'utf8')))) ??
        'nothing to migrate',
    );
  } else if (command === 'apply' && databaseUrl) {
    console.log((await migrate(databaseUrl)).join('\n') || 'up to date');
  } else {
    console.log('usage: migrate apply DATABASE_URL | migrate make DATABASE_URL NAME [PREVIOUS_SCHEMA_FILE]');
  }
}

if (require.main === module) void main(process.argv.slice(2));
