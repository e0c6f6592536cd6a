import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answer } from './engines/serve';
import { createTurns } from './engines/turns';
import { ProviderError } from './error';

export interface EngineSettings {
  readonly provider: string;
  /** The child's script, without its extension. */
  readonly script: string;
  /** What the script loads its model from; must survive JSON. */
  readonly load: Readonly<Record<string, string | number>>;
  /** Paths that must exist before a child is started. */
  readonly files: readonly string[];
  /** Children at most; each works on one request at a time. */
  readonly processes: number;
  /** Milliseconds without work after which a child ends and its memory is free. */
  readonly idleMs: number;
}

export interface Engine<Request, Result> {
  /** Waits for a free child, in the order of calls; an abort kills the child that works on the request. */
  run(request: Request, signal: AbortSignal): Promise<Result>;
}

/**
 * Native inference in child processes: it blocks its thread and cannot be interrupted there, while a
 * process can be killed. Children are started by the first requests and never keep the program alive.
 */
export function createEngine<Request, Result>(settings: EngineSettings): Engine<Request, Result> {
  const turns = createTurns(settings.processes);
  const idle = new Set<Child>();

  function takeChild(): Child {
    const waiting = [...idle].find(isAlive);
    if (waiting === undefined) return startChild(settings);
    idle.delete(waiting);
    clearTimeout(waiting.retirement);
    return waiting;
  }

  function keepForLater(child: Child): void {
    if (!isAlive(child)) return;
    idle.add(child);
    child.retirement = setTimeout(() => {
      idle.delete(child);
      child.forked.disconnect();
    }, settings.idleMs).unref();
  }

  async function runInChild(request: Request, signal: AbortSignal): Promise<Result> {
    const child = takeChild();
    try {
      return await ask<Result>(child, request, settings.provider, signal);
    } finally {
      keepForLater(child);
    }
  }

  return {
    async run(request, signal) {
      requireFiles(settings);
      await turns.take(signal);
      try {
        return await runInChild(request, signal);
      } finally {
        turns.giveBack();
      }
    },
  };
}

function requireFiles({ provider, files }: EngineSettings): void {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  throw new ProviderError(`${provider}: there is no ${missing.join(', ')}`, {
    provider,
    code: 'MODEL_MISSING',
    transient: false,
    hint: "Run `npm run assets` on the worker's machine.",
  });
}

interface Child {
  readonly forked: ChildProcess;
  /** The end of what native libraries wrote, for the message of a crash. */
  lastWords: string;
  retirement?: NodeJS.Timeout;
}

/** The channel of a dead child may close a moment after its exit. */
function isAlive({ forked }: Child): boolean {
  return forked.connected && forked.exitCode === null && forked.signalCode === null;
}

/** Characters of a crashed child's stderr that its error quotes. */
const LAST_WORDS = 500;

function startChild({ script, load }: EngineSettings): Child {
  const extension = extname(__filename);
  const forked = fork(join(__dirname, 'engines', script + extension), [JSON.stringify(load)], {
    execArgv: extension === '.ts' ? ['--import', pathToFileURL(require.resolve('tsx')).href] : [],
    // Typed arrays travel as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const child: Child = { forked, lastWords: '' };
  // Without a listener a failed start would end this program; `ask` hears it too.
  forked.on('error', () => undefined);
  forked.unref();
  const stderr = forked.stderr as Socket;
  stderr.unref();
  stderr.setEncoding('utf8').on('data', (text: string) => {
    child.lastWords = (child.lastWords + text).slice(-LAST_WORDS);
  });
  return child;
}

async function ask<Result>(
  child: Child,
  request: unknown,
  provider: string,
  signal: AbortSignal,
): Promise<Result> {
  const { forked } = child;
  const settled = new AbortController();
  signal.throwIfAborted();
  signal.addEventListener('abort', () => forked.kill('SIGKILL'), { signal: settled.signal });
  forked.channel?.ref();
  try {
    forked.send(request as object);
    const [answer] = (await Promise.race([
      once(forked, 'message', { signal: settled.signal }),
      exitOf(forked, settled.signal),
    ])) as [Answer<Result>];
    return resultOf(answer, provider);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ProviderError ? error : crashed(child, provider, error as Error);
  } finally {
    settled.abort();
    forked.channel?.unref();
  }
}

async function exitOf(forked: ChildProcess, signal: AbortSignal): Promise<never> {
  const [code, by] = (await once(forked, 'exit', { signal })) as [number | null, NodeJS.Signals | null];
  throw new Error(`ended with ${by ?? `code ${code}`}`);
}

/** The engine itself refused the request: it would do so again. */
function resultOf<Result>(answer: Answer<Result>, provider: string): Result {
  if (answer.ok) return answer.result;
  throw new ProviderError(`${provider}: ${answer.message}`, {
    provider,
    code: 'ENGINE_FAILED',
    transient: false,
  });
}

function crashed({ lastWords }: Child, provider: string, cause: Error): ProviderError {
  const quote = lastWords.trim() && `; its last words: ${lastWords.trim()}`;
  const facts = { provider, code: 'ENGINE_CRASHED', transient: true } as const;
  return new ProviderError(`${provider}: the engine's process ${cause.message}${quote}`, facts, { cause });
}
