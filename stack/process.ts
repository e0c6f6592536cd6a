import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Identity, identify, isAlive } from './identity';
import { giveWay } from './niceness';
import type { Launch } from './part';

const ADOPTED_POLL_MS = 250;
const AFTER_KILL_MS = 5_000;

export interface Running {
  /** Absent when it could not be started. */
  readonly identity?: Identity;
  /** Resolves with how it ended. */
  readonly exited: Promise<string>;
  /** Resolves when a Node program says that it is ready. */
  readonly greeted: Promise<void>;
}

/** In a process group of its own: a Ctrl-C in the terminal reaches the supervisor alone. */
export function start(launch: Launch, logFd: number): Running {
  const { command, args, env, user, ipc, niceness } = launch;
  const child = spawn(command, args, {
    env,
    ...user,
    detached: true,
    stdio: ['ignore', logFd, logFd, ...(ipc ? (['ipc'] as const) : [])],
  });
  const identity = child.pid === undefined ? undefined : whoIs(child.pid);
  if (identity && niceness) giveWay(identity.pid, niceness);
  return { identity, exited: exitOf(child), greeted: greetingOf(child) };
}

/**
 * A process that an earlier supervisor started: its exit can only be looked for. When it has ended, its pid
 * may be another's by now, and nothing must be sent to it.
 */
export function adopt(recorded: Identity): Running {
  const identity = isAlive(recorded) ? recorded : undefined;
  return { identity, exited: gone(recorded).then(() => 'ended'), greeted: Promise.resolve() };
}

/** Asks, waits, then kills the whole group. Resolves once nothing of it is left. */
export async function end(running: Running, how: { signal: NodeJS.Signals; graceMs: number }): Promise<void> {
  const { identity, exited } = running;
  if (!identity) return;
  if (isAlive(identity)) {
    signalQuietly(identity.pid, how.signal);
    await within(how.graceMs, exited);
  }
  kill(running);
  await within(AFTER_KILL_MS, exited);
}

/** At once, with its whole group: whatever it started goes too. */
export function kill({ identity }: Running): void {
  if (identity) signalQuietly(-identity.pid, 'SIGKILL');
}

/** A process that ended before it could be looked at keeps a name that no other has. */
function whoIs(pid: number): Identity {
  return identify(pid) ?? { pid, started: 'ended at once' };
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`could not be started (${error.message})`);
    });
  });
}

function greetingOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && 'ready' in message && message.ready === true) resolve();
    });
  });
}

async function gone(identity: Identity): Promise<void> {
  while (isAlive(identity)) await sleep(ADOPTED_POLL_MS);
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function within(ms: number, event: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([event, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
