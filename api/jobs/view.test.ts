import type { JobState, JobStep } from '../../domain/job';
import { estimateSeconds } from './estimate';
import { knownRevisions } from './known';
import { toJob, type JobRow, type LiveJob } from './view';

const ID = '0b1f4c1e-7a0d-4e55-9c3b-2f1f6a1d9b7c';
const at = new Date('2026-01-01T00:00:00Z');

const row: JobRow = {
  ...{
    id: ID,
    owner_id: ID,
    type: 'transcribe',
    title: 'Leaves',
    input: { source_id: ID },
    status: 'running',
  },
  ...{ revision: 2, phase: null, steps: [], progress: null, result: null, error: null, warnings: [] },
  ...{ estimated_time: 4, run_id: 'run', run: 1, cancel_requested_at: null, parent_id: null, batch_id: null },
  ...{ estimated_cost: null, cost: null },
  ...{ created_at: at, started_at: at, finished_at: null, artifacts: [] },
};

const step = (name: string, status: JobStep['status'], attempts = 0): JobStep => ({
  ...{ name, status, attempts, provider: null, quality: null, warning: null },
  ...{ started_at: at.toISOString(), finished_at: null },
});

const live = (state: Partial<JobState>, pending: LiveJob['pending'] = []): LiveJob => ({
  state: {
    ...{ schema: 'job_state/1', run: 1, revision: 5, status: 'running', phase: 'decode', warnings: [] },
    ...{ steps: [], progress: null, ...state },
  },
  pending,
});

test('a row alone is a job, without what is nobody’s business', () => {
  const job = toJob(row);
  expect(job).toMatchObject({ job_id: ID, status: 'running', revision: 2, finished_at: null });
  expect(job.created_at).toBe('2026-01-01T00:00:00.000Z');
  expect(job.links).toEqual({
    self: `/api/jobs/${ID}`,
    cancel: `/api/jobs/${ID}/cancel`,
    retry: `/api/jobs/${ID}/retry`,
  });
  for (const name of ['owner_id', 'run', 'run_id', 'cancel_requested_at'])
    expect(job).not.toHaveProperty(name);
});

test('what the workflow says goes before what the row says, and a revision never goes back', () => {
  expect(toJob(row, live({ status: 'paused' }))).toMatchObject({
    status: 'paused',
    phase: 'decode',
    revision: 5,
  });
  expect(toJob({ ...row, revision: 9 }, live({}))).toMatchObject({ revision: 9 });
});

test('attempts under way belong to the one step that runs', () => {
  const steps = [step('decode', 'completed', 1), step('recognise', 'running')];
  const pending = [{ attempt: 3 }, { attempt: 2 }];
  expect(toJob(row, live({ steps }, pending)).steps.map(({ attempts }) => attempts)).toEqual([1, 3]);
  const both = [step('embed', 'running'), step('summarize', 'running')];
  expect(toJob(row, live({ steps: both }, pending)).steps.map(({ attempts }) => attempts)).toEqual([0, 0]);
});

test('progress is the workflow’s, else that of a beating activity, else none', () => {
  const own = { done: 1, total: 4, unit: 'windows', percent: 25 };
  const beat = { attempt: 1, done: 2, total: 3, unit: 'pages' };
  expect(toJob(row, live({ progress: own }, [beat])).progress).toEqual(own);
  expect(toJob(row, live({}, [{ attempt: 1 }, beat])).progress).toEqual({
    ...{ done: 2, total: 3, unit: 'pages', percent: 66 },
  });
  expect(toJob(row, live({}, [{ attempt: 1, done: 5, total: 0 }])).progress).toBeNull();
  expect(toJob(row, live({}, [{ ...beat, done: 9 }])).progress?.percent).toBe(100);
});

test.each([
  [undefined, []],
  ['"7"', [7]],
  ['W/"7"', [7]],
  ['"6", "7",W/"8"', [6, 7, 8]],
  ['*', []],
  ['"abc"', []],
  ['7', []],
])('If-None-Match: %s', (header, revisions) => {
  expect(knownRevisions(header)).toEqual(revisions);
});

test.each([
  ['transcribe', 'audio/mpeg', 28_800_000, 273],
  ['transcribe', 'audio/wav', 96_000 * 60, 12],
  ['transcribe', 'video/mp4', 150_000 * 60, 12],
  ['lesson', 'audio/flac', 24_000 * 60, 36],
  ['voiceover', 'text/plain', 15_000, 253],
  ['slides', 'application/json', 150 * 600, 93],
  ['summarize', 'text/plain', 0, 3],
] as const)('%s of %s, %i bytes, is estimated at %i s', (type, media_type, bytes, seconds) => {
  expect(estimateSeconds(type, { media_type, bytes: BigInt(bytes) })).toBe(seconds);
});
