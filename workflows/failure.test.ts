import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import type { FailureFacts } from '../activities/index';
import { failure, readFailure, toJobError } from './failure';

const facts: FailureFacts = {
  ...{ code: 'HTTP_503', message: 'busy', hint: 'wait', provider: 'vendor', retryable: true },
  ...{ answers: 3, retry_after_s: 30 },
};

const ofActivity = (cause: Error) =>
  new ActivityFailure(
    'Activity task failed',
    'speak',
    '7',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    cause,
  );

test('reads what the activity says', () => {
  const cause = ApplicationFailure.create({ message: 'busy', type: 'ProviderExhausted', details: [facts] });
  expect(readFailure(ofActivity(cause))).toEqual({ ...facts, type: 'ProviderExhausted' });
  expect(toJobError(ofActivity(cause), 'voiceover')).toEqual({
    ...{ code: 'HTTP_503', message: 'busy', hint: 'wait', provider: 'vendor', retryable: true },
    step: 'voiceover',
  });
});

test('a failure without facts still has a code and a cure', () => {
  const plain = ofActivity(ApplicationFailure.create({ message: 'database away' }));
  expect(readFailure(plain)).toMatchObject({
    ...{ code: 'STEP_FAILED', message: 'database away', provider: null, retryable: true, type: 'Error' },
    hint: expect.stringContaining('Try again'),
  });
  expect(readFailure(new Error('plain'))).toMatchObject({ code: 'STEP_FAILED', message: 'plain' });
  expect(readFailure('a string')).toMatchObject({ code: 'STEP_FAILED', message: 'a string' });
});

test('says which clock ran out', () => {
  const timeout = new TimeoutFailure('activity timed out', undefined, TimeoutType.START_TO_CLOSE);
  expect(toJobError(ofActivity(timeout), 'decode')).toMatchObject({
    ...{ code: 'STEP_TIMED_OUT', step: 'decode', retryable: true },
    message: expect.stringContaining('START_TO_CLOSE'),
  });
});

test('a failure of ours reads back as it was written', () => {
  const own = failure({ code: 'NO_TEXT', message: 'nothing to say' });
  expect(own).toMatchObject({ nonRetryable: true, type: 'NO_TEXT' });
  expect(toJobError(own, null)).toEqual({
    ...{ code: 'NO_TEXT', message: 'nothing to say', hint: null, step: null, provider: null },
    retryable: false,
  });
});
