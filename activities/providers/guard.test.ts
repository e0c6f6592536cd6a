import fc from 'fast-check';
import { CircuitOpenError, ProviderError, unasked } from './error';
import { guard, type Circuit, type GuardOptions } from './guard';
import type { LanguageModel } from './spec';

const ANSWER = { text: 'ok', usage: { prompt_tokens: 1, completion_tokens: 1 } };

let nowMs: number;
const passSeconds = (seconds: number) => (nowMs += seconds * 1000);

beforeEach(() => {
  nowMs = 1_800_000_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => jest.restoreAllMocks());

function failure(transient: boolean, retryAfterS?: number): ProviderError {
  return new ProviderError('sick', { provider: 'vendor', code: 'ANY', transient, retryAfterS });
}

/** A guarded model whose next outcome the test decides, and the number of calls that reached it. */
function guarded(options?: GuardOptions) {
  const generate = jest.fn<Promise<typeof ANSWER>, unknown[]>(async () => ANSWER);
  const vendor: LanguageModel = { provider: 'vendor', model: 'm', quality: 'standard', generate };
  const model = guard(vendor, options);
  const ask = (signal = new AbortController().signal) =>
    model.generate({ system: '', prompt: '', max_tokens: 1, signal });
  const failTimes = async (times: number, error: Error = failure(true)) => {
    for (let time = 0; time < times; time++) {
      generate.mockRejectedValueOnce(error);
      await expect(ask()).rejects.toBe(error);
    }
  };
  return { model, generate, ask, failTimes };
}

/** A call that stays under way until the test ends it. */
function pending<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

describe('closed', () => {
  it('passes calls, answers and everything else through', async () => {
    const { model, generate, ask } = guarded();
    await expect(ask()).resolves.toBe(ANSWER);
    expect(generate).toHaveBeenCalledWith({
      system: '',
      prompt: '',
      max_tokens: 1,
      signal: expect.any(AbortSignal),
    });
    expect(model).toMatchObject({ provider: 'vendor', model: 'm', quality: 'standard' });
    expect(model.circuit).toMatchObject({ state: 'closed', retry_after_s: 0, last_error: null });
  });

  it('opens at the fifth transient answer in a row and calls nobody then', async () => {
    const { model, generate, ask, failTimes } = guarded();
    await failTimes(4);
    expect(model.circuit).toMatchObject({ state: 'closed', retry_after_s: 0, last_error: 'sick' });
    await failTimes(1);
    expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 30, last_error: 'sick' });

    passSeconds(10);
    const refusal = await ask().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal).toMatchObject({ provider: 'vendor', retryAfterS: 20 });
    expect(generate).toHaveBeenCalledTimes(5);
  });

  it.each([
    ['a success', async ({ ask }: ReturnType<typeof guarded>) => void (await ask())],
    ['a permanent answer', ({ failTimes }: ReturnType<typeof guarded>) => failTimes(1, failure(false))],
  ])('begins counting anew after %s', async (_title, interrupt) => {
    const vendor = guarded();
    await vendor.failTimes(4);
    await interrupt(vendor);
    expect(vendor.model.circuit.last_error).toBeNull();
    await vendor.failTimes(4);
    expect(vendor.model.circuit.state).toBe('closed');
  });

  it('counts an abort and a fault of ours as nothing, neither for nor against', async () => {
    const { model, failTimes } = guarded();
    await failTimes(4);
    await failTimes(3, new DOMException('cancelled', 'AbortError'));
    await failTimes(3, new TypeError('our fault'));
    expect(model.circuit.state).toBe('closed');
    await failTimes(1);
    expect(model.circuit.state).toBe('open');
  });

  it('opens at once for a Retry-After above ten seconds, and for that long', async () => {
    const { model, ask, failTimes } = guarded();
    await failTimes(1, failure(true, 10));
    expect(model.circuit.state).toBe('closed');
    await failTimes(1, failure(true, 11));
    expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 11 });
    passSeconds(11);
    await expect(ask()).resolves.toBe(ANSWER);
    expect(model.circuit.state).toBe('closed');
  });

  it('never opens for more than an hour', async () => {
    const { model, failTimes } = guarded();
    await failTimes(1, failure(true, 1e12));
    expect(model.circuit.retry_after_s).toBe(3600);
  });
});

describe('half-open', () => {
  async function opened() {
    const vendor = guarded();
    await vendor.failTimes(5);
    vendor.generate.mockClear();
    passSeconds(30);
    return vendor;
  }

  it('lets exactly one probe through and refuses the others', async () => {
    const { model, generate, ask } = await opened();
    const probe = pending<typeof ANSWER>();
    generate.mockReturnValueOnce(probe.promise);
    const first = ask();
    const others = await Promise.allSettled(Array.from({ length: 20 }, () => ask()));

    expect(model.circuit).toMatchObject({ state: 'half_open', retry_after_s: 1 });
    for (const other of others) {
      expect(other).toMatchObject({
        status: 'rejected',
        reason: { name: 'CircuitOpenError', retryAfterS: 1 },
      });
    }
    probe.resolve(ANSWER);
    await expect(first).resolves.toBe(ANSWER);
    expect(generate).toHaveBeenCalledTimes(1);
    expect(model.circuit).toMatchObject({ state: 'closed', retry_after_s: 0, last_error: null });
  });

  it('begins counting at zero when the probe has closed it', async () => {
    const { model, ask, failTimes } = await opened();
    await ask();
    await failTimes(4);
    expect(model.circuit.state).toBe('closed');
  });

  it('opens again for the whole cool-down when the probe fails', async () => {
    const { model, failTimes } = await opened();
    await failTimes(1);
    expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 30 });
  });

  it('closes at a permanent answer: the vendor is alive', async () => {
    const { model, failTimes } = await opened();
    await failTimes(1, failure(false));
    expect(model.circuit.state).toBe('closed');
    await failTimes(4);
    expect(model.circuit.state).toBe('closed');
  });

  it('is neither closed nor wedged by an aborted probe: the next call is the probe', async () => {
    const { model, generate, ask, failTimes } = await opened();
    await failTimes(1, new DOMException('cancelled', 'AbortError'));
    expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 0, last_error: 'sick' });
    await failTimes(1);
    expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 30 });
    passSeconds(30);
    await expect(ask()).resolves.toBe(ANSWER);
    expect(generate).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['failure', (call: ReturnType<typeof pending>) => call.reject(failure(true))],
    ['success', (call: ReturnType<typeof pending>) => call.resolve(ANSWER)],
  ])('is not decided by the late %s of a call from before', async (_title, settle) => {
    const { model, generate, ask, failTimes } = guarded();
    const late = pending<typeof ANSWER>();
    generate.mockReturnValueOnce(late.promise);
    const lateCall = ask().catch(() => undefined);
    await failTimes(5);
    passSeconds(30);
    const probe = pending<typeof ANSWER>();
    generate.mockReturnValueOnce(probe.promise);
    const probing = ask();

    settle(late as ReturnType<typeof pending>);
    await lateCall;
    expect(model.circuit).toMatchObject({ state: 'half_open', last_error: 'sick' });
    probe.resolve(ANSWER);
    await probing;
    expect(model.circuit.state).toBe('closed');
  });
});

it('reports every change of state', async () => {
  const seen: Circuit[] = [];
  const { ask, failTimes } = guarded({
    threshold: 2,
    cooldownS: 5,
    onStateChange: (circuit) => seen.push(circuit),
  });
  await failTimes(2);
  passSeconds(5);
  await ask();
  expect(seen).toMatchObject([
    { state: 'open', retry_after_s: 5, last_error: 'sick' },
    { state: 'half_open', retry_after_s: 1, last_error: 'sick' },
    { state: 'closed', retry_after_s: 0, last_error: null },
  ]);
});

it('remembers the latest failure of any kind, and whether anything came back', async () => {
  const { model, ask, failTimes } = guarded();
  expect(model.circuit).toMatchObject({ reachable: null, last_failure: null });
  await failTimes(1, new ProviderError('no', { provider: 'vendor', code: 'UNAUTHORIZED', transient: false }));
  const refused = { code: 'UNAUTHORIZED', at: new Date(nowMs).toISOString() };
  expect(model.circuit).toMatchObject({ reachable: true, last_failure: refused, last_error: null });
  await failTimes(1, new ProviderError('hung', { provider: 'vendor', code: 'TIMEOUT', transient: true }));
  expect(model.circuit).toMatchObject({ reachable: false, last_failure: { code: 'TIMEOUT' } });
  await ask();
  expect(model.circuit).toMatchObject({ reachable: true, last_failure: { code: 'TIMEOUT' } });
});

it('calls nobody while somebody keeps it from that, and nothing of that counts', async () => {
  let reason: string | undefined = 'paused by an operator: invoice';
  const { model, generate, ask } = guarded({
    before: async () => {
      if (reason !== undefined) throw new CircuitOpenError('vendor', 10, reason);
    },
  });
  const refused = {
    name: 'CircuitOpenError',
    message: 'vendor: paused by an operator: invoice',
    retryAfterS: 10,
  };
  await expect(ask()).rejects.toMatchObject(refused);
  expect(generate).not.toHaveBeenCalled();
  expect(model.circuit).toMatchObject({ state: 'closed', last_failure: null });
  reason = undefined;
  await expect(ask()).resolves.toBe(ANSWER);
});

it('learns nothing of a vendor from what was refused before any call', async () => {
  const { model, ask, failTimes } = guarded({ threshold: 2, cooldownS: 5 });
  const refused = unasked('vendor', { code: 'VOICE_UNKNOWN', what: 'no such voice' });
  await failTimes(1);
  await failTimes(3, refused);
  expect(model.circuit).toMatchObject({ state: 'closed', last_error: 'sick', last_failure: { code: 'ANY' } });
  await failTimes(1);
  expect(model.circuit.state).toBe('open');
  passSeconds(5);
  await failTimes(1, refused);
  expect(model.circuit).toMatchObject({ state: 'open', retry_after_s: 0 });
  await ask();
  expect(model.circuit.state).toBe('closed');
});

it('guards the parts of a provider too, with the same circuit', async () => {
  const submit = jest.fn().mockRejectedValue(failure(true, 60));
  const model = guard({
    provider: 'vendor',
    model: 'm',
    quality: 'high' as const,
    batch: { fromS: 600, submit },
  });
  const { signal } = new AbortController();
  await expect(model.batch.submit({ signal })).rejects.toThrow('sick');
  expect([model.batch.fromS, model.circuit.state]).toEqual([600, 'open']);
  await expect(model.batch.submit({ signal })).rejects.toBeInstanceOf(CircuitOpenError);
  expect(submit).toHaveBeenCalledTimes(1);
});

it('leaves methods without a Call alone, also while open, and keeps `this`', async () => {
  class Engine {
    readonly provider = 'engine';
    readonly model = 'm';
    readonly quality = 'standard';
    private readonly texts: string[] = [];
    async generate(): Promise<typeof ANSWER> {
      this.texts.push('asked');
      throw failure(true, 60);
    }
    close(): string {
      this.texts.push('closed');
      return this.texts.join();
    }
  }
  const engine = guard(new Engine() as LanguageModel & Engine);
  const call = { system: '', prompt: '', max_tokens: 1, signal: new AbortController().signal };
  await expect(engine.generate(call)).rejects.toThrow('sick');
  expect(engine.circuit.state).toBe('open');
  expect(engine.close()).toBe('asked,closed');
});

describe('any sequence of outcomes and pauses', () => {
  type Step = { outcome: 'ok' | 'transient' | 'permanent' | 'abort' | 'wait_60'; pauseS: number };
  type Model = { failures: number; openUntilMs: number | null };

  const steps = fc.array(
    fc.record<Step>({
      outcome: fc.constantFrom('ok', 'transient', 'transient', 'transient', 'permanent', 'abort', 'wait_60'),
      pauseS: fc.constantFrom(0, 0, 0, 1, 15, 30, 60),
    }),
    { maxLength: 60 },
  );

  /** The breaker in eight lines, for calls that come one after the other. */
  function expected(model: Model, { outcome }: Step): Model {
    const isProbe = model.openUntilMs !== null;
    if (outcome === 'abort') return model;
    if (outcome === 'ok' || outcome === 'permanent') return { failures: 0, openUntilMs: null };
    const failures = model.failures + 1;
    if (outcome === 'wait_60') return { failures, openUntilMs: nowMs + 60_000 };
    return { failures, openUntilMs: isProbe || failures >= 5 ? nowMs + 30_000 : null };
  }

  const errors = {
    transient: failure(true),
    permanent: failure(false),
    wait_60: failure(true, 60),
    abort: new Error(),
  };

  it('leads to the state that the rules say', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { model, generate, ask } = guarded();
        let state: Model = { failures: 0, openUntilMs: null };
        for (const step of sequence) {
          passSeconds(step.pauseS);
          const refused = state.openUntilMs !== null && nowMs < state.openUntilMs;
          generate.mockReset();
          if (step.outcome === 'ok') generate.mockResolvedValue(ANSWER);
          else generate.mockRejectedValue(errors[step.outcome]);
          await ask().catch(() => undefined);
          expect(generate).toHaveBeenCalledTimes(refused ? 0 : 1);
          if (!refused) state = expected(state, step);
          expect(model.circuit.state).toBe(state.openUntilMs === null ? 'closed' : 'open');
        }
      }),
      { numRuns: 300 },
    );
  });
});
