import { randomUUID } from 'node:crypto';
import type { JobOutcome } from '../domain/job';
import { newJob } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { finishJob, markJobRunning, noteExecution, reopenJob, requestJobCancel } from './jobs';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

const rowOf = (id: string) => world.db.jobs.findUniqueOrThrow({ where: { id } });

const outcome = (job_id: string, over: Partial<JobOutcome> = {}): JobOutcome => ({
  ...{ job_id, run: 1, status: 'completed', revision: 9, phase: 'merge', steps: [], warnings: [] },
  ...{ progress: null, result: { words: 3 }, error: null },
  ...over,
});

const cost = { usd: 0.5, unpriced: [], uses: [] };
const finish = (of: JobOutcome) => finishJob(world.db, of, cost);

const error = { code: 'X', message: 'm', hint: null, step: 's', provider: null, retryable: false };

test('says once that a job runs', async () => {
  const id = await newJob(world);
  await markJobRunning(world.db, { job_id: id, run: 1 });
  const { status, revision, started_at } = await rowOf(id);
  expect([status, revision]).toEqual(['running', 2]);
  await markJobRunning(world.db, { job_id: id, run: 1 });
  expect(await rowOf(id)).toMatchObject({ status: 'running', revision: 2, started_at });
});

test('writes down how a job ended', async () => {
  const id = await newJob(world);
  const step = {
    ...{ name: 'merge', status: 'completed' as const, attempts: 1, provider: null, quality: null },
    ...{ started_at: null, finished_at: null, warning: null },
  };
  const warnings = [{ code: 'W', message: 'm', step: null }];
  const progress = { done: 1, total: 2, unit: 'windows', percent: 50 };
  expect(await finish(outcome(id, { steps: [step], warnings, progress }))).toBe(true);
  const row = await rowOf(id);
  expect(row).toMatchObject({
    ...{ status: 'completed', revision: 9, phase: 'merge', result: { words: 3 }, error: null },
    ...{ steps: [step], warnings, progress },
  });
  expect(row.finished_at).toBeInstanceOf(Date);
});

test.each(['completed', 'completed_with_warnings', 'failed', 'cancelled'] as const)(
  'never overwrites %s',
  async (status) => {
    const id = await newJob(world);
    await finish(outcome(id, { status }));
    const before = await rowOf(id);
    for (const late of ['completed', 'failed', 'cancelled'] as const) {
      expect(await finish(outcome(id, { status: late, result: null, error, revision: 99 }))).toBe(false);
    }
    await markJobRunning(world.db, { job_id: id, run: 1 });
    expect(await rowOf(id)).toEqual(before);
  },
);

test.each(['queued', 'running', 'paused'])('ends what is %s', async (status) => {
  const id = await newJob(world);
  await world.db.jobs.update({ where: { id }, data: { status } });
  expect(await finish(outcome(id, { status: 'failed', error, result: null }))).toBe(true);
  expect(await rowOf(id)).toMatchObject({ status: 'failed', error, result: null });
});

test('an earlier run says nothing about a later one', async () => {
  const id = await newJob(world);
  await world.db.jobs.update({ where: { id }, data: { run: 2 } });
  await markJobRunning(world.db, { job_id: id, run: 1 });
  expect(await finish(outcome(id, { run: 1, status: 'cancelled' }))).toBe(false);
  expect(await rowOf(id)).toMatchObject({ status: 'queued', revision: 1, run: 2 });
  expect(await finish(outcome(id, { run: 2 }))).toBe(true);
});

test('a job that is gone ends without a word', async () => {
  expect(await finish(outcome(randomUUID()))).toBe(false);
});

describe('a cancel that was promised', () => {
  test('stands, whatever the workflow says later', async () => {
    const id = await newJob(world);
    expect(await requestJobCancel(world.db, { id, run: 1 })).toBe(true);
    await markJobRunning(world.db, { job_id: id, run: 1 });
    expect(await finish(outcome(id))).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', result: null, error: null });
    expect(await finish(outcome(id))).toBe(false);
  });

  test('is promised once, and never of what has ended or runs anew', async () => {
    const id = await newJob(world);
    expect(await requestJobCancel(world.db, { id, run: 2 })).toBe(false);
    await requestJobCancel(world.db, { id, run: 1 });
    expect(await requestJobCancel(world.db, { id, run: 1 })).toBe(false);
    const ended = await newJob(world);
    await finish(outcome(ended));
    expect(await requestJobCancel(world.db, { id: ended, run: 1 })).toBe(false);
    expect(await rowOf(ended)).toMatchObject({ status: 'completed', cancel_requested_at: null });
  });

  test('lets no execution be noted any more', async () => {
    const id = await newJob(world);
    expect(await noteExecution(world.db, { id, run: 1 }, { run_id: 'r', status: 'paused' })).toBe(true);
    expect(await rowOf(id)).toMatchObject({ run_id: 'r', status: 'paused' });
    await requestJobCancel(world.db, { id, run: 1 });
    expect(await noteExecution(world.db, { id, run: 1 }, { status: 'running' })).toBe(false);
    expect(await rowOf(id)).toMatchObject({ status: 'paused' });
  });
});

test('a job that has ended is made ready for its next run, once', async () => {
  const id = await newJob(world);
  await finish(outcome(id, { status: 'failed', error, result: null }));
  const retry = { id, run: 1, status: 'failed' };
  const all = await Promise.all([1, 2, 3].map(() => reopenJob(world.db, retry)));
  expect(all.filter(Boolean)).toHaveLength(1);
  expect(await rowOf(id)).toMatchObject({
    ...{ status: 'queued', run: 2, revision: 10, steps: [], warnings: [], error: null, result: null },
    ...{ phase: null, progress: null, started_at: null, finished_at: null, cancel_requested_at: null },
  });
  expect(await finish(outcome(id, { run: 2 }))).toBe(true);
});
