import { CircuitOpenError, ProviderError, type ProviderErrorFacts } from '../activities/providers/error';
import type { Activities } from '../activities/index';
import { planned, TWO_PROVIDERS } from '../testing/fake-activities';
import { startWorkflowWorker, type RunningJob, type WorkflowWorker } from '../testing/workflow-worker';

type Recognise = Activities['recogniseWindow'];

let worker: WorkflowWorker;
let recogniseWindow: Recognise;
let planProviders: Activities['planProviders'];

beforeAll(async () => {
  worker = await startWorkflowWorker({
    activities: () => ({ recogniseWindow, planProviders }),
  });
});

afterAll(() => worker.close());

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  planProviders = async () => TWO_PROVIDERS;
});

const refusal = (provider: string, over: Partial<ProviderErrorFacts> = {}) =>
  new ProviderError(`${provider} is busy`, { provider, code: 'HTTP_503', transient: true, ...over });

/** `second` does it; `first` fails as told, by the number of its call. */
const firstFails =
  (fail: (call: number) => Error): Recognise =>
  async ({ provider }) => {
    const calls = worker.callsOf('recogniseWindow').filter((input) => input['provider'] === 'first').length;
    if (provider === 'first') throw fail(calls);
    return { blob: 'said', language: 'en' };
  };

const transcribe = (): Promise<RunningJob> =>
  worker.start('transcribe', { source_id: 'source', quality: 'standard' });

const timersOf = async ({ handle }: RunningJob): Promise<number> => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.timerStartedEventAttributes).length;
};

const askedOf = (provider: string) =>
  worker.callsOf('recogniseWindow').filter((input) => input['provider'] === provider);

const fallback = (why: string) => ({
  ...{ status: 'completed', error: null },
  warnings: Array(3).fill({
    ...{ code: 'PROVIDER_FALLBACK', step: 'recognise' },
    message: `made by second instead of first, because ${why}`,
  }),
});

/** A fallback is told once per step, not once per window. */
const once = (outcome: ReturnType<typeof fallback>) => ({
  ...outcome,
  warnings: outcome.warnings.slice(0, 1),
});

test('the third answer in all goes on to the next provider, and is disclosed', async () => {
  recogniseWindow = firstFails(() => refusal('first'));
  const job = await transcribe();
  await job.handle.result();
  expect(askedOf('first')).toHaveLength(9);
  expect(askedOf('second')).toHaveLength(3);
  expect(worker.outcomes).toMatchObject([once(fallback('first is busy'))]);
  const [, recognise] = worker.outcomes[0]!.steps;
  expect(recognise).toMatchObject({ provider: 'second', quality: 'standard', status: 'completed' });
  expect(recognise?.warning).toContain('instead of first');
  expect(worker.callsOf('saveTranscript')[0]).toMatchObject({ provider: 'second', model: 'second-1' });
});

test('two failures and then success stay with the first, and show as attempts', async () => {
  const answered = new Map<unknown, number>();
  recogniseWindow = async ({ provider, start_s }) => {
    const before = answered.get(start_s) ?? 0;
    answered.set(start_s, before + 1);
    if (start_s === 5 && before < 2) throw refusal(provider);
    return { blob: 'said', language: 'en' };
  };
  const job = await transcribe();
  await job.handle.result();
  expect(askedOf('second')).toEqual([]);
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [] }]);
  expect(worker.outcomes[0]!.steps[1]).toMatchObject({ attempts: 3, provider: 'first' });
});

test('a vendor that says no is asked once', async () => {
  recogniseWindow = firstFails(() => refusal('first', { transient: false, code: 'HTTP_401' }));
  await (await transcribe()).handle.result();
  expect(askedOf('first')).toHaveLength(3);
  expect(worker.outcomes).toMatchObject([once(fallback('first is busy'))]);
});

test('an open circuit goes on to the next at once', async () => {
  recogniseWindow = firstFails(() => new CircuitOpenError('first', 30));
  const job = await transcribe();
  await job.handle.result();
  expect(askedOf('first')).toHaveLength(3);
  expect(await timersOf(job)).toBe(0);
  expect(worker.outcomes[0]!.warnings).toMatchObject([{ code: 'PROVIDER_FALLBACK' }]);
});

test('when every circuit is open, all windows wait at one gate and then go on', async () => {
  let opensAt = Infinity;
  recogniseWindow = async ({ provider, start_s }) => {
    if (start_s === 0) return { blob: 'said', language: 'en' };
    if (opensAt === Infinity) opensAt = Date.now() + 1_000;
    if (Date.now() < opensAt) throw new CircuitOpenError(provider, 1.2);
    return { blob: 'said', language: 'en' };
  };
  const job = await transcribe();
  await job.handle.result();
  expect(await timersOf(job)).toBe(1);
  expect(askedOf('first')).toHaveLength(5);
  expect(askedOf('second')).toHaveLength(2);
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [] }]);
});

test('after the wait it is planned anew: somebody who can do it may have come', async () => {
  const second = planned('second');
  let plans = 0;
  planProviders = async () => {
    plans += 1;
    const [first] = TWO_PROVIDERS.providers;
    return { ...TWO_PROVIDERS, providers: plans === 1 ? [first!] : [second] };
  };
  recogniseWindow = firstFails(() => new CircuitOpenError('first', 0.3));
  const job = await transcribe();
  await job.handle.result();
  expect(plans).toBe(2);
  expect(worker.outcomes[0]!.steps[1]).toMatchObject({ status: 'completed', provider: 'second' });
});

test('a vendor that asks for a long wait is asked again after it, not before', async () => {
  recogniseWindow = firstFails(() => refusal('first', { retryAfterS: 11 }));
  planProviders = async () => ({ ...TWO_PROVIDERS, providers: TWO_PROVIDERS.providers.slice(0, 1) });
  const job = await transcribe();
  await job.until(() => askedOf('first').length === 1);
  while ((await timersOf(job)) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await job.handle.terminate();
  expect(askedOf('first')).toHaveLength(1);
});

test('answers are counted over the waits', async () => {
  let calls = 0;
  recogniseWindow = async ({ provider, answers, start_s }) => {
    if (start_s > 0) return { blob: 'said', language: 'en' };
    calls += 1;
    if (calls <= 2) throw refusal(provider);
    if (calls === 3) throw new CircuitOpenError(provider, 0.2);
    expect(answers).toBe(2);
    throw refusal(provider);
  };
  planProviders = async () => ({ ...TWO_PROVIDERS, providers: TWO_PROVIDERS.providers.slice(0, 1) });
  const job = await transcribe();
  await expect(job.handle.result()).rejects.toThrow();
  expect(askedOf('first').map((input) => input['answers'])).toEqual([0, 0, 0, 2]);
  expect(worker.outcomes).toMatchObject([
    { status: 'failed', error: { code: 'PROVIDER_UNAVAILABLE', provider: 'first', step: 'recognise' } },
  ]);
});

test('ends when the step’s time is over, with the last reason', async () => {
  planProviders = async () => ({ ...TWO_PROVIDERS, total_s: 1 });
  recogniseWindow = async ({ provider }) => {
    throw new CircuitOpenError(provider, 0.6);
  };
  const job = await transcribe();
  await expect(job.handle.result()).rejects.toThrow();
  expect(await timersOf(job)).toBe(1);
  expect(worker.outcomes).toMatchObject([
    {
      status: 'failed',
      error: {
        ...{ code: 'PROVIDER_UNAVAILABLE', provider: 'second', step: 'recognise', retryable: true },
        message: expect.stringMatching(/^No provider could do it; second said: second: circuit open/),
      },
    },
  ]);
});

test('says what is missing where nobody can do it', async () => {
  const code = 'PROVIDER_UNAVAILABLE' as const;
  const missing = [{ code, provider: 'whisper', reason: 'the model is not here', cure: 'npm run assets' }];
  planProviders = async () => ({ ...TWO_PROVIDERS, providers: [], missing });
  await expect((await transcribe()).handle.result()).rejects.toThrow();
  expect(worker.outcomes[0]!.error).toMatchObject({
    ...{ code: 'PROVIDER_UNAVAILABLE', message: 'whisper: the model is not here', hint: 'npm run assets' },
  });
  planProviders = async () => ({ ...TWO_PROVIDERS, providers: [] });
  await expect((await transcribe()).handle.result()).rejects.toThrow();
  expect(worker.outcomes[1]!.error).toMatchObject({ message: 'No provider for transcriber' });
});

test('the reason is the first choice’s own, whoever else failed in between', async () => {
  planProviders = async () => ({
    ...TWO_PROVIDERS,
    preferred: { provider: 'best', reason: 'paused by an operator: invoice' },
  });
  recogniseWindow = async ({ provider, start_s }) => {
    if (provider === 'first') throw refusal('first', { code: 'FORBIDDEN', transient: false });
    return { blob: `said-${start_s}`, language: 'de' };
  };
  await (await transcribe()).handle.result();
  expect(worker.outcomes[0]!.warnings).toMatchObject([
    { message: 'made by second instead of best, because paused by an operator: invoice' },
  ]);
});

test('a transcript that another had a part in says so, whoever heard its end', async () => {
  recogniseWindow = async ({ provider, start_s }) => {
    if (provider === 'first' && start_s === 5)
      throw refusal('first', { code: 'FORBIDDEN', transient: false });
    return { blob: `said-${start_s}`, language: 'de' };
  };
  await (await transcribe()).handle.result();
  expect(worker.callsOf('saveTranscript')[0]).toMatchObject({
    ...{ provider: 'second', disclosure: expect.stringMatching(/^made by second instead of first, because/) },
  });
});

test('what no other provider could do better ends the step', async () => {
  recogniseWindow = () => Promise.reject(new TypeError('ours'));
  await worker.close();
  worker = await startWorkflowWorker({
    activities: () => ({ recogniseWindow }),
    rules: { stepTimeoutS: 0 },
  });
  await expect((await transcribe()).handle.result()).rejects.toThrow();
  expect(askedOf('second')).toEqual([]);
  expect(worker.outcomes[0]!.error).toMatchObject({
    ...{ code: 'STEP_TIMED_OUT', step: 'recognise' },
    message: expect.stringContaining('last reason: ours'),
  });
});
