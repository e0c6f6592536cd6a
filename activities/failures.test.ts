import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import fc from 'fast-check';
import { backoffS, FAILURE, isVendorAnswer, retryRules, StepError, toFailure } from './failures';
import { FfmpegError } from './ffmpeg-error';
import { CircuitOpenError, ProviderError, type ProviderErrorFacts } from './providers/error';

const rules = retryRules({ stepTimeoutS: 100 });

const translate = (error: unknown, over: Partial<Parameters<typeof toFailure>[1]> = {}) =>
  toFailure(error, {
    ...{ answersBefore: 0, elapsedS: 1, cancelled: false, rules, random: () => 0 },
    ...over,
  });

const failed = (error: unknown, over?: Parameters<typeof translate>[1]): ApplicationFailure => {
  const failure = translate(error, over);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  return failure as ApplicationFailure;
};

const answer = (over: Partial<ProviderErrorFacts> = {}) =>
  new ProviderError('the vendor said something', {
    ...{ provider: 'vendor', code: 'HTTP_503', transient: true },
    ...over,
  });

test.each([
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  Object.assign(new Error('EFBIG: file too large, write'), { code: 'EFBIG' }),
  new Error('ffmpeg ended with 228: av_interleaved_write_frame(): No space left on device'),
])('a full disk is told at once, with its cure: %s', (error) => {
  const failure = failed(error);
  expect(failure).toMatchObject({ type: FAILURE.step, nonRetryable: true });
  expect(failure.details?.[0]).toMatchObject({ code: 'DISK_FULL', retryable: true });
  expect((failure.details?.[0] as { hint: string }).hint).toMatch(/space/);
});

test('what ffmpeg refuses it would refuse again; one that was killed is tried again', () => {
  const refused = failed(new FfmpegError(1, 'slide-3.mp3: Invalid data found when processing input\n'));
  expect(refused).toMatchObject({ type: FAILURE.step, nonRetryable: true });
  expect(refused.details?.[0]).toMatchObject({
    ...{ code: 'FFMPEG_FAILED', retryable: true },
    message: expect.stringContaining('Invalid data found'),
  });
  const killed = new FfmpegError(null, '');
  expect(translate(killed)).toBe(killed);
});

describe('a transient answer', () => {
  test.each([
    { answersBefore: 0, delay: 1000 },
    { answersBefore: 1, delay: 2000 },
  ])('number $answersBefore + 1 is tried again after $delay ms', ({ answersBefore, delay }) => {
    const failure = failed(answer(), { answersBefore });
    expect(failure).toMatchObject({ type: 'HTTP_503', nonRetryable: false, nextRetryDelay: delay });
    expect(failure.details).toEqual([
      {
        ...{ code: 'HTTP_503', message: 'the vendor said something', hint: null, provider: 'vendor' },
        ...{ retryable: true, answers: answersBefore + 1, retry_after_s: null },
      },
    ]);
  });

  test.each([2, 3, 7])('after %d others ends it', (answersBefore) => {
    const failure = failed(answer({ hint: 'wait an hour' }), { answersBefore });
    expect(failure).toMatchObject({ type: FAILURE.exhausted, nonRetryable: true });
    expect(failure.details?.[0]).toMatchObject({
      ...{ answers: answersBefore + 1, hint: 'wait an hour', retryable: true, provider: 'vendor' },
    });
  });

  test('waits as long as the vendor asks, up to ten seconds', () => {
    expect(failed(answer({ retryAfterS: 7.5 })).nextRetryDelay).toBe(7500);
    expect(failed(answer({ retryAfterS: 10 })).nextRetryDelay).toBe(10_000);
    expect(failed(answer({ retryAfterS: 0.1 })).nextRetryDelay).toBe(1000);
  });

  test('that asks for a longer wait opens the circuit and counts', () => {
    const failure = failed(answer({ retryAfterS: 10.1 }), { answersBefore: 1 });
    expect(failure).toMatchObject({ type: FAILURE.circuitOpen, nonRetryable: true });
    expect(failure.details?.[0]).toMatchObject({ retry_after_s: 10.1, answers: 2, code: 'HTTP_503' });
  });

  test('that is the third ends it, however long the vendor asks to wait', () => {
    expect(failed(answer({ retryAfterS: 60 }), { answersBefore: 2 }).type).toBe(FAILURE.exhausted);
  });
});

test.each([0, 1, 2])('a permanent answer after %d others ends it at once', (answersBefore) => {
  const failure = failed(
    answer({ code: 'HTTP_401', transient: false, hint: 'set the key', retryAfterS: 99 }),
    {
      answersBefore,
    },
  );
  expect(failure).toMatchObject({ type: FAILURE.rejected, nonRetryable: true });
  expect(failure.details?.[0]).toMatchObject({
    ...{ code: 'HTTP_401', hint: 'set the key', retryable: false, answers: answersBefore + 1 },
  });
});

test('an open circuit is no answer', () => {
  const failure = failed(new CircuitOpenError('vendor', 12), { answersBefore: 1 });
  expect(failure).toMatchObject({ type: FAILURE.circuitOpen, nonRetryable: true });
  expect(failure.details?.[0]).toMatchObject({ code: 'CIRCUIT_OPEN', retry_after_s: 12, answers: 1 });
  expect(isVendorAnswer(new CircuitOpenError('vendor', 12))).toBe(false);
  expect(isVendorAnswer(answer())).toBe(true);
});

test('an input that cannot be worked on ends the step with its cure', () => {
  const failure = failed(new StepError('NO_AUDIO_TRACK', 'no sound', 'take another'));
  expect(failure).toMatchObject({ type: FAILURE.step, nonRetryable: true, message: 'no sound' });
  expect(failure.details?.[0]).toMatchObject({
    ...{ code: 'NO_AUDIO_TRACK', hint: 'take another', retryable: false, provider: null },
  });
  expect(failed(new StepError('X', 'y')).details?.[0]).toMatchObject({ hint: null });
});

describe('a cancel', () => {
  test('passes through untouched', () => {
    const cancel = new CancelledFailure('cancelled');
    expect(translate(cancel)).toBe(cancel);
  });

  test.each([
    ['an abort', new DOMException('aborted', 'AbortError')],
    ['a vendor’s answer', answer()],
    ['a broken input', new StepError('X', 'y')],
    ['an error of ours', new Error('socket closed')],
  ])('is what %s means once the job is cancelled', (_what, error) => {
    expect(translate(error, { cancelled: true })).toBeInstanceOf(CancelledFailure);
  });
});

describe('an error of ours', () => {
  const error = new Error('database away');

  test('is tried again, by the profile’s rules', () => {
    expect(translate(error)).toBe(error);
    expect(translate(error, { elapsedS: 100, answersBefore: 9 })).toBe(error);
  });

  test('ends the step when its time is over, with the last reason', () => {
    const failure = failed(error, { elapsedS: 100.4 });
    expect(failure).toMatchObject({ type: FAILURE.timedOut, nonRetryable: true });
    expect(failure.message).toBe('The step gave up after 100 s; last reason: database away');
    expect(failure.details?.[0]).toMatchObject({ code: 'STEP_TIMED_OUT', retryable: true });
    expect(failed('a string', { elapsedS: 101 }).message).toContain('a string');
  });
});

test('a failure that is Temporal’s already stays as it is', () => {
  const failure = ApplicationFailure.create({ message: 'as it is' });
  expect(translate(failure, { cancelled: true, elapsedS: 1e9 })).toBe(failure);
});

test('waits double, with up to half as jitter, and end at the cap', () => {
  const anyRules = fc.record({ baseS: fc.double({ min: 0.01, max: 5, noNaN: true }) });
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(anyRules, fc.integer({ min: 1, max: 20 }), share, ({ baseS }, answers, random) => {
      const delay = backoffS(answers, retryRules({ baseS }), () => random);
      const plain = baseS * 2 ** (answers - 1);
      expect(delay).toBeGreaterThanOrEqual(Math.min(10, plain));
      expect(delay).toBeLessThanOrEqual(Math.min(10, plain * 1.5));
    }),
  );
});
