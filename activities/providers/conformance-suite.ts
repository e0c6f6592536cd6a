/** What every provider must hold, whatever its capability. */
import { createHook } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ProviderError } from './error';
import type { Call, ProviderInfo } from './spec';

export interface ConformanceOptions<P> {
  /** A provider whose vendor or engine is out of reach, for example with a wrong path or a closed port. */
  readonly broken?: () => P;
  /** How far into the call the abort test lets it come. */
  readonly abortAfterMs?: number;
  /** For engines that load a model at the first call. */
  readonly timeoutMs?: number;
}

export type Test = (title: string, body: () => void | Promise<void>) => void;

export interface Subject<P> {
  /** The capability's one call, with ordinary arguments. */
  readonly call: (provider: P, call: Call) => Promise<unknown>;
  readonly cases: (provider: () => P, test: Test) => void;
}

/** What holds for every capability, around the cases of one. */
export function suite<P extends ProviderInfo>(
  title: string,
  make: () => P,
  { broken, abortAfterMs = 20, timeoutMs = 60_000 }: ConformanceOptions<P>,
  { call, cases }: Subject<P>,
): void {
  let made: P | undefined;
  const provider = () => (made ??= make());
  const test: Test = (name, body) => it(name, body, timeoutMs);

  describe(title, () => {
    test('is created without I/O', async () => {
      expect(await ioBegunBy(provider)).toEqual([]);
    });

    test('says who it is', () => {
      const { provider: id, model, quality } = provider();
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(model).not.toBe('');
      expect(['basic', 'standard', 'high']).toContain(quality);
    });

    cases(provider, test);

    test('does not begin when already aborted', async () => {
      const reason = new Error('aborted before');
      await expect(call(provider(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    test('stops within a second when aborted', async () => {
      await expectPromptAbort((signal) => call(provider(), { signal }), abortAfterMs);
    });

    if (broken) {
      test('fails with a ProviderError', async () => {
        await expectProviderError(call(broken(), { signal: unaborted() }), {});
      });
    }
  });
}

/** Node's names for opened files, sockets, look-ups, processes and threads. */
const IO = /^(FSREQ|TCPCONNECT|PIPECONNECT|GETADDRINFO|PROCESSWRAP|WORKER|HTTPCLIENTREQUEST)/;

async function ioBegunBy(make: () => unknown): Promise<string[]> {
  const begun: string[] = [];
  const hook = createHook({ init: (_id, type) => void (IO.test(type) && begun.push(type)) });
  hook.enable();
  try {
    make();
    await nextTurn();
  } finally {
    hook.disable();
  }
  return begun;
}

/** An answer that came before the abort is no failure: some local engines are that fast. */
async function expectPromptAbort(call: (signal: AbortSignal) => Promise<unknown>, abortAfterMs: number) {
  const controller = new AbortController();
  const reason = new Error('aborted during');
  let answeredFirst = false;
  const ended = call(controller.signal).then(
    () => (answeredFirst = !controller.signal.aborted),
    (error: unknown) => error,
  );
  await sleep(abortAfterMs);
  const abortedAt = performance.now();
  controller.abort(reason);
  const error = await ended;
  if (answeredFirst) return;
  expect(error).toBe(reason);
  expect(performance.now() - abortedAt).toBeLessThan(1_000);
}

export async function expectProviderError(call: Promise<unknown>, facts: Partial<ProviderError['facts']>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect((error as ProviderError).facts).toMatchObject(facts);
}

export function unaborted(): AbortSignal {
  return new AbortController().signal;
}
