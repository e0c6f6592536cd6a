import path from 'node:path';
import { childEnvironment } from '../config';
import type { Part, ProgramName } from './part';

/** A worker lets running steps finish for half a minute before it cancels them. */
const WORKER_GRACE_MS = 40_000;
const API_GRACE_MS = 15_000;

/** Work that takes minutes, and its engines, give way to the answers that somebody waits for. */
const WORKER_NICENESS = 5;

export type Environment = Readonly<Record<string, string>>;

export interface ProgramOptions {
  readonly file: string;
  readonly env: Environment;
}

/** It listens on no port; the one it is given stays unused. */
export function workerPart({ file, env }: ProgramOptions): Part {
  return {
    ...nodeProgram('worker', 'The worker'),
    ports: { main: 0 },
    graceMs: WORKER_GRACE_MS,
    urls: () => ({}),
    launch: async () => ({ ...launchOf(file, env), niceness: WORKER_NICENESS }),
  };
}

export function apiPart({ file, env, port }: ProgramOptions & { readonly port: number }): Part {
  return {
    ...nodeProgram('api', 'The API'),
    ports: { main: port },
    graceMs: API_GRACE_MS,
    urls: ({ main }) => ({ api: `http://127.0.0.1:${main}` }),
    launch: async ({ main }) => launchOf(file, { ...env, PORT: String(main) }, NEAT),
  };
}

/** Beside this folder, as JavaScript or (under a TypeScript loader) as TypeScript. */
export function programFile(name: ProgramName): string {
  const file = name === 'api' ? 'api/server' : 'workers/worker';
  return path.resolve(__dirname, '..', file + path.extname(__filename));
}

function nodeProgram(name: ProgramName, title: string) {
  return {
    name,
    title,
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    cure: 'Correct what its log names, and start again',
  } as const;
}

/**
 * Less memory for programs that mostly wait: half the young generation, and one arena of the C allocator,
 * which keeps what native code (Prisma, Temporal's core) frees.
 */
const THRIFT = ['--max-semi-space-size=8'];
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

/**
 * Whoever waits is looked after once a second, and what that takes outlives the young generation. Under a limit of
 * 2 GB or more V8 lets a heap grow fourfold before it tidies up, below it less than twofold.
 */
const NEAT = ['--max-old-space-size=1024'];

function launchOf(file: string, env: Environment, flags: readonly string[] = []) {
  const args = [...process.execArgv, ...THRIFT, ...flags, file];
  return { command: process.execPath, args, env: childEnvironment({ ...ONE_ARENA, ...env }), ipc: true };
}
