/** The whole engine as its users start it: `stack/main`, a process of its own, on a folder that is thrown away. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { childEnvironment } from '../config';
import { localToken } from '../stack/local-token';
import { readHolder, readRunRecord } from '../stack/record';

export type Part = 'api' | 'worker' | 'temporal' | 'database';

export interface Platform {
  readonly api: string;
  /** Of the service of this machine. */
  readonly token: string;
  /** host:port */
  readonly temporal: string;
  readonly chroma: string;
  readonly database: string;
  readonly redis: string;
  /** Milliseconds from the command to the line that says it is ready. */
  readonly bootMs: number;
  pidOf(part: Part): number;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

const PORTS = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'CHROMA_PORT', 'REDIS_PORT'];
const ANY_PORTS = Object.fromEntries(PORTS.map((name) => [name, '0']));

/** Engines that were warm stay warm. */
const ENGINE_IDLE_S = '3600';

const MAIN = path.resolve(__dirname, '..', 'stack', `main${path.extname(__filename)}`);

export const newFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'lm-bench-'));
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function untilReady(child: ChildProcess): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  }
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the engine did not start: ${said}`);
  });
  const ready = (async () => {
    while (!said.includes('is ready after')) await once(child.stdout!, 'data');
  })();
  await Promise.race([ready, ended]);
}

/** Starts it on `folder`, which is kept; `env` on top of ours. */
export async function startOn(folder: string, env: Environment = {}): Promise<Platform> {
  const given = { ...ANY_PORTS, ENGINE_IDLE_S, LOG_LEVEL: 'warn', LM_DATA_DIR: folder, ...env };
  const beganAt = performance.now();
  // Elsewhere than here, so that nobody's .env has a say.
  const child = spawn(process.execPath, [...process.execArgv, MAIN], {
    cwd: folder,
    env: childEnvironment(given),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  await untilReady(child);
  const bootMs = performance.now() - beganAt;
  const urls = readHolder(path.join(folder, 'run', 'stack.json'))?.urls;
  return {
    ...{
      api: urls?.['api'] ?? '',
      token: localToken(folder),
      temporal: urls?.['temporal'] ?? '',
      chroma: urls?.['chroma'] ?? '',
      database: urls?.['database'] ?? '',
      redis: urls?.['redis'] ?? '',
      bootMs,
    },
    pidOf: (part) => readRunRecord(path.join(folder, 'run', `${part}.json`))?.pid ?? 0,
    stop: async () => {
      process.off('exit', kill);
      if (child.exitCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

/** A fresh engine for the length of `use`. */
export async function withPlatform<Result>(
  env: Environment,
  use: (platform: Platform) => Promise<Result>,
): Promise<Result> {
  const folder = await newFolder();
  try {
    const platform = await startOn(folder, env);
    try {
      return await use(platform);
    } finally {
      await platform.stop();
    }
  } finally {
    await removeFolder(folder);
  }
}

export const sampleFile = (name: string): string =>
  path.resolve(__dirname, __filename.endsWith('.js') ? '../..' : '..', 'samples', name);

export const sampleOf = (name: string): Promise<Buffer> => readFile(sampleFile(name));

/** Four minutes of lecture, or where it must be quick three quarters of a minute of reading. */
export const recordingFor = ({ quick }: { readonly quick: boolean }): string =>
  quick ? 'two_cities.flac' : 'lecture.mp3';
