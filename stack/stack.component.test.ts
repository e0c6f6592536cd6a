import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { childEnvironment } from '../config';
import { isAlive } from './identity';
import { readRunRecord, type RunRecord } from './record';

const SERVERS = ['chroma', 'database', 'redis', 'temporal'];
const EVERYTHING = ['api', ...SERVERS, 'worker'];

let data_dir: string;
let boots: ChildProcess[];
beforeAll(() => (data_dir = mkdtempSync(path.join(os.tmpdir(), 'stack-'))));
beforeEach(() => {
  boots = [];
  rmSync(orderFile(), { force: true });
});
afterEach(async () => {
  for (const child of boots.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(data_dir, { recursive: true, force: true }));

interface Boot {
  readonly child: ChildProcess;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  output(): string;
}

/** A supervisor of its own, with played programs, as `npm start` is one. */
function boot(...args: string[]): Boot {
  const none = { TEMPORAL_ADDRESS: '', DATABASE_URL: '', REDIS_URL: '', CHROMA_URL: '', LOG_LEVEL: 'info' };
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'REDIS_PORT', 'CHROMA_PORT'];
  const random = Object.fromEntries(names.map((name) => [name, '0']));
  const script = path.join(__dirname, '__fixtures__', 'boot.ts');
  const env = childEnvironment({ ...none, ...random, LM_DATA_DIR: data_dir });
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], { env });
  boots.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, exited: once(child, 'exit').then(([code]) => code), output: () => output };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function booted(...args: string[]): Promise<Boot> {
  const started = boot(...args);
  let ended = false;
  void started.exited.then(() => (ended = true));
  await until(() => ended || started.output().includes('is ready after'));
  if (ended) throw new Error(started.output());
  return started;
}

function processes(): Map<string, RunRecord> {
  const files = readdirSync(path.join(data_dir, 'run'));
  const all = files.map(
    (file) => [file.replace('.json', ''), readRunRecord(path.join(data_dir, 'run', file))] as const,
  );
  return new Map(all.filter((entry): entry is [string, RunRecord] => entry[1] !== undefined));
}

const living = (left: Map<string, RunRecord>) =>
  [...left].filter(([, record]) => isAlive(record)).map(([name]) => name);

const orderFile = () => path.join(data_dir, 'order.txt');
/** What the played programs and the migration wrote down. */
const order = () => readFileSync(orderFile(), 'utf8').trim().split('\n');

const urlOf = (output: string, name: string) =>
  new RegExp(`^ {2}${name} +(\\S+)$`, 'm').exec(output)?.[1] ?? '';

test('Ctrl-C stops in order and leaves no process behind', async () => {
  const { child, exited, output } = await booted();
  const running = processes();
  expect([...running.keys()].sort()).toEqual(EVERYTHING);
  const told = (await (await fetch(urlOf(output(), 'API'))).json()) as Record<string, string>;
  expect(told).toMatchObject({
    TEMPORAL_ADDRESS: urlOf(output(), 'Temporal'),
    REDIS_URL: urlOf(output(), 'Redis'),
    CHROMA_URL: urlOf(output(), 'Chroma'),
  });
  expect(told.DATABASE_URL).toMatch(
    /^postgresql:\/\/postgres:[0-9a-f]{48}@127\.0\.0\.1:\d+\/little_monster$/,
  );
  expect(output()).not.toContain(told.DATABASE_URL);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(living(running)).toEqual([]);
  expect(readdirSync(path.join(data_dir, 'run'))).toEqual([]);
  expect(order()).toEqual([
    'migrated',
    'worker started',
    'api closed',
    'worker drains',
    'temporal true, database true',
  ]);
});

test('after kill -9 the next start adopts the servers and replaces the programs', async () => {
  const first = await booted();
  const left = processes();
  first.child.kill('SIGKILL');
  await first.exited;
  expect(living(left)).toEqual(expect.arrayContaining(SERVERS));

  const second = await booted();
  const now = processes();
  for (const name of SERVERS) expect(now.get(name)?.pid).toBe(left.get(name)?.pid);
  for (const name of ['api', 'worker']) expect(now.get(name)?.pid).not.toBe(left.get(name)?.pid);
  expect(order().lastIndexOf('migrated')).toBeGreaterThan(order().indexOf('temporal true, database true'));
  second.child.kill('SIGTERM');
  expect(await second.exited).toBe(0);
  expect([...living(left), ...living(now)]).toEqual([]);
});

test('after kill -9 a server that is stuck is ended', async () => {
  const first = await booted();
  const left = processes();
  first.child.kill('SIGKILL');
  await first.exited;
  process.kill(left.get('redis')?.pid ?? 0, 'SIGSTOP');

  await booted();
  expect(processes().get('redis')?.pid).not.toBe(left.get('redis')?.pid);
  expect(living(left).sort()).toEqual(['chroma', 'database', 'temporal']);
});

test('a second supervisor says in one line who is there, and ends', async () => {
  const first = await booted();
  const second = boot();
  expect(await second.exited).toBe(1);
  const url = urlOf(first.output(), 'API');
  expect(second.output()).toMatch(
    new RegExp(`^A stack already runs on ${data_dir}: process ${first.child.pid} \\(.*api ${url}.*\\)\\n$`),
  );
  expect(living(processes()).sort()).toEqual(EVERYTHING);
});

test.each([
  [
    'a worker that cannot start',
    ['broken'],
    /^The worker did not start: ended with code 1; it said: Error: a setting is wrong \(log: .*\)\. .*$/m,
  ],
  [
    'a migration that fails',
    ['worker', 'no such table'],
    /^The database could not be migrated: no such table\. Check .*$/m,
  ],
])('%s ends the boot in one line, and everything with it', async (_, args, line) => {
  const { exited, output } = boot(...args);
  const seen = new Map<string, RunRecord>();
  const watching = setInterval(() => processes().forEach((record, name) => seen.set(name, record)), 50);
  expect(await exited).toBe(1);
  clearInterval(watching);
  expect(output()).toMatch(line);
  expect([...seen.keys()]).toEqual(expect.arrayContaining(SERVERS));
  expect(living(seen)).toEqual([]);
});

test('Ctrl-C in the middle of a boot leaves no process behind', async () => {
  const { child, exited, output } = boot();
  await until(() => processes().has('temporal'));
  const seen = processes();
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  expect(living(seen)).toEqual([]);
  expect(output()).not.toContain('is ready after');
  expect(readdirSync(path.join(data_dir, 'run'))).toEqual([]);
});

test('Ctrl-C while the database is made leaves no half of it', async () => {
  rmSync(data_dir, { recursive: true });
  const { child, exited } = boot();
  await until(() => existsSync(path.join(data_dir, 'postgres-18.draft')));
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  expect(existsSync(path.join(data_dir, 'postgres-18.draft'))).toBe(false);
});

test('a second Ctrl-C ends at once what does not want to stop', async () => {
  const { child, exited } = await booted('stubborn');
  const running = processes();
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(living(running)).toContain('worker');
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  await until(() => living(running).length === 0);
});
