import type { JobState } from '../../domain/job';
import { endingOf } from './settle';

const ROW = { id: 'job', run: 2, revision: 3, cancel_requested_at: null };
const step = { attempts: 1, provider: 'openai', quality: 'standard', warning: null };
const at = '2026-01-01T00:00:00.000Z';

const state: JobState = {
  ...{ schema: 'job_state/1', run: 2, revision: 7, status: 'running', phase: 'recognise', progress: null },
  warnings: [{ code: 'X', message: 'x', step: null }],
  steps: [
    { name: 'decode', status: 'completed', ...step, started_at: at, finished_at: at },
    { name: 'recognise', status: 'running', ...step, started_at: at, finished_at: null },
  ],
};
const live = { state, pending: [] };

test.each([
  ['TERMINATED', 'failed', 'TERMINATED'],
  ['TIMED_OUT', 'failed', 'TIMED_OUT'],
  ['FAILED', 'failed', 'LOST'],
  ['COMPLETED', 'failed', 'LOST'],
  [undefined, 'failed', 'LOST'],
])('an execution that is %s without a record', (how, status, code) => {
  const ending = endingOf(ROW, { how, live });
  expect(ending).toMatchObject({
    job_id: 'job',
    run: 2,
    status,
    revision: 8,
    phase: 'recognise',
    result: null,
  });
  expect(ending.error).toMatchObject({ code, step: 'recognise', retryable: true, hint: expect.any(String) });
  expect(ending.steps.map((one) => one.status)).toEqual(['completed', 'failed']);
  expect(ending.steps[1]?.finished_at).toEqual(expect.any(String));
  expect(ending.warnings).toEqual(state.warnings);
});

test.each([
  ['CANCELLED', null],
  ['TERMINATED', new Date()],
  [undefined, new Date()],
])('cancelled: %s, asked for at %s', (how, cancel_requested_at) => {
  const ending = endingOf({ ...ROW, cancel_requested_at }, { how, live });
  expect(ending).toMatchObject({ status: 'cancelled', error: null });
  expect(ending.steps.map((one) => one.status)).toEqual(['completed', 'cancelled']);
});

test('one that was never seen alive', () => {
  expect(endingOf(ROW, {})).toMatchObject({
    revision: 4,
    phase: null,
    steps: [],
    warnings: [],
    progress: null,
  });
});
