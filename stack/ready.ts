import { setTimeout as sleep } from 'node:timers/promises';
import { type Part, type Ports, reasonOf } from './part';
import type { Running } from './process';

const CHECK_EVERY_MS = 50;
export const INTERRUPTED = 'the start was interrupted';

export interface Awaited {
  readonly part: Pick<Part, 'check'>;
  readonly ports: Ports;
  readonly running: Pick<Running, 'exited' | 'greeted'>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Rejects when the process ends first, when time is up, and when it is called off. */
export async function untilReady({ part, ports, running, timeoutMs, signal }: Awaited): Promise<void> {
  const settled = new AbortController();
  const over = AbortSignal.any([settled.signal, signal]);
  let missing = 'it never said that it is';
  const ready = part.check
    ? poll(() => part.check?.(ports), { signal: over, onMissing: (reason) => (missing = reason) })
    : running.greeted;
  const exit = running.exited.then((how) => fail(how));
  const expiry = sleep(timeoutMs, undefined, { signal: over }).then(
    () => fail(`not ready within ${timeoutMs / 1000} s: ${missing}`),
    () => fail(INTERRUPTED),
  );
  await Promise.race([ready, exit, expiry]).finally(() => settled.abort());
}

interface Polling {
  readonly signal: AbortSignal;
  onMissing(reason: string): void;
}

async function poll(check: () => Promise<void> | undefined, { signal, onMissing }: Polling): Promise<void> {
  for (;;) {
    try {
      return await check();
    } catch (error) {
      onMissing(reasonOf(error));
    }
    await sleep(CHECK_EVERY_MS, undefined, { signal });
  }
}

function fail(reason: string): never {
  throw new Error(reason);
}
