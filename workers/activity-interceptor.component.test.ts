/** The interceptor on a real worker: what survives attempts, time-outs and shutdowns. */
import { randomUUID } from 'node:crypto';
import { Context, heartbeat } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { type ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { FAILURE, retryRules, type RetryRules } from '../activities/failures';
import { reportProgress } from '../activities/heartbeat';
import { ProviderError } from '../activities/providers/error';
import { startWorkflowWorker, type WorkflowWorker } from '../testing/workflow-worker';
import { activityInterceptor } from './activity-interceptor';
import { noLedger } from './ledger';

type Info = NonNullable<ConstructorParameters<typeof MockActivityEnvironment>[0]>;

const environment = (info: Info = {}, rules: Partial<RetryRules> = {}) =>
  new MockActivityEnvironment(
    { activityId: randomUUID(), heartbeatTimeoutMs: 10_000, ...info },
    {
      logger: new DefaultLogger('ERROR'),
      interceptors: [activityInterceptor({ rules: retryRules(rules), ledger: noLedger })],
    },
  );

const refusal = () => new ProviderError('busy', { provider: 'vendor', code: 'HTTP_503', transient: true });

const run = (body: () => Promise<unknown>, info?: Info, input: object = {}, rules?: Partial<RetryRules>) => {
  const env = environment(info, rules);
  const beats: Record<string, unknown>[] = [];
  env.on('heartbeat', (details: Record<string, unknown>) => beats.push(details));
  const result = env.run<[object], unknown, (input: object) => Promise<unknown>>(body, input);
  return { env, beats, result };
};

const failureOf = (result: Promise<unknown>) =>
  result.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('alone', () => {
  test('adds the attempts to every result, also to none', async () => {
    expect(await run(async () => ({ value: 1 }), { attempt: 3 }).result).toEqual({ value: 1, attempts: 3 });
    expect(await run(async () => undefined).result).toEqual({ attempts: 1 });
  });

  test.each([
    [undefined, {}, 1],
    [{ answers: 1 }, {}, 2],
    [undefined, { answers: 1 }, 2],
    [{ answers: 1 }, { answers: 1 }, 2],
  ])('counts on from beats %o and input %o', async (heartbeatDetails, input, answers) => {
    const { result, beats } = run(() => Promise.reject(refusal()), { heartbeatDetails }, input);
    const failure = (await failureOf(result)) as ApplicationFailure;
    expect(failure.details?.[0]).toMatchObject({ answers });
    expect(failure.nonRetryable).toBe(false);
    expect(beats.at(-1)).toMatchObject({ answers });
  });

  test('the third answer ends it', async () => {
    const { result } = run(() => Promise.reject(refusal()), { heartbeatDetails: { answers: 2 } });
    expect(await failureOf(result)).toMatchObject({ type: FAILURE.exhausted, nonRetryable: true });
  });

  test('a crash of ours counts no answer, and keeps the first beginning', async () => {
    const first_started_at = Date.now() - 5_000;
    const before = { heartbeatDetails: { answers: 1, first_started_at } };
    const { result, beats } = run(() => Promise.reject(new Error('disk away')), before);
    expect(await failureOf(result)).toMatchObject({ message: 'disk away' });
    expect(beats).toEqual([{ answers: 1, first_started_at }]);
  });

  test('beats each second, with the progress that was said', async () => {
    const body = async () => {
      reportProgress(3, 7, 'passages');
      await new Promise((resolve) => setTimeout(resolve, 1_200));
    };
    const { result, beats } = run(body);
    await result;
    expect(beats).toHaveLength(2);
    expect(beats[1]).toMatchObject({ answers: 0, done: 3, total: 7, unit: 'passages' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(beats).toHaveLength(2);
  });

  test('does not beat where nobody listens', async () => {
    const { result, beats } = run(() => Promise.reject(refusal()), { heartbeatTimeoutMs: undefined });
    expect(await failureOf(result)).toMatchObject({ details: [{ answers: 1 }] });
    expect(beats).toEqual([]);
  });

  test('a step whose attempts never end is given up', async () => {
    const began = (secondsAgo: number) => ({
      heartbeatDetails: { first_started_at: Date.now() - 1000 * secondsAgo },
    });
    let runs = 0;
    const body = async () => (runs += 1);
    const over = run(body, began(112), {}, { stepTimeoutS: 100 });
    expect(await failureOf(over.result)).toMatchObject({ type: FAILURE.timedOut, nonRetryable: true });
    expect(runs).toBe(0);
    await run(body, began(105), {}, { stepTimeoutS: 100 }).result;
    expect(runs).toBe(1);
  });

  test('a cancel is a cancel, whatever the activity makes of it', async () => {
    const { env, result } = run(() =>
      Context.current().cancelled.catch(() => {
        throw refusal();
      }),
    );
    setTimeout(() => env.cancel(), 50);
    expect(await failureOf(result)).toBeInstanceOf(CancelledFailure);
  });
});

describe('on the real server', () => {
  let worker: WorkflowWorker;
  let decode: () => Promise<never>;

  beforeEach(async () => {
    worker = await startWorkflowWorker({ activities: () => ({ decodeAudio: decode }) });
  });

  afterEach(() => worker.close());

  test('answers survive the attempts and a beat that was just sent', async () => {
    const seen: unknown[] = [];
    decode = async () => {
      seen.push((Context.current().info.heartbeatDetails as { answers?: number } | undefined)?.answers);
      heartbeat({ answers: 0, first_started_at: 1 });
      throw refusal();
    };
    const job = await worker.start('transcribe', { source_id: 'source' });
    expect(await failureOf(job.handle.result())).toBeInstanceOf(WorkflowFailedError);
    expect(seen).toEqual([undefined, 1, 2]);
    expect(worker.outcomes).toMatchObject([
      { status: 'failed', error: { code: 'HTTP_503', step: 'decode' } },
    ]);
  });

  test('what a worker that shuts down lets go of is no cancel, and the next one takes it', async () => {
    decode = () => Context.current().cancelled;
    const job = await worker.start('transcribe', { source_id: 'source' });
    await job.until(() => worker.callsOf('decodeAudio').length === 1);
    await worker.close();
    expect(worker.outcomes).toEqual([]);
    const next = await startWorkflowWorker({ queue: worker.queue });
    await next.handleOf(job.handle.workflowId).result();
    expect(next.outcomes).toMatchObject([{ status: 'completed', steps: [{ attempts: 2 }, {}, {}] }]);
    await next.close();
  }, 40_000);
});
