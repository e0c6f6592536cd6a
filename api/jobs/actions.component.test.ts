/** Cancel, retry and pause, and what may come between a row and its execution meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { finishJob, markJobRunning, reopenJob } from '../../prisma/jobs';
import { createRows, type Rows } from './__fixtures__/rows';
import { cancelJob, pauseJob, resumeJob, retryJob } from './actions';
import { createJobReader } from './status';
import type { JobEngine } from './temporal';

let rows: Rows;
beforeAll(async () => {
  rows = await createRows();
});
beforeEach(() => rows.clear());
afterAll(() => rows.world.close());

describe('cancel', () => {
  test('before the workflow exists: at once, and nothing starts it afterwards', async () => {
    const id = await rows.leave();
    await rows.act(cancelJob, id);
    expect(await rows.rowOf(id)).toMatchObject({ status: 'cancelled', error: null });
    await rows.sweep();
    expect(await rows.engine.describe(id)).toEqual({ status: 'absent' });
  });

  test('without a worker: within five seconds', async () => {
    const id = await rows.start();
    const began = Date.now();
    await rows.act(cancelJob, id);
    while ((await rows.rowOf(id)).status !== 'cancelled') await sleep(50);
    expect(Date.now() - began).toBeLessThanOrEqual(5_000);
    expect((await rows.handle(id).describe()).status.name).toBe('TERMINATED');
    expect(rows.errors).toEqual([]);
  });

  test('twice is once; an ended job is refused', async () => {
    const id = await rows.leave();
    await rows.act(cancelJob, id);
    const first = await rows.rowOf(id);
    await rows.act(cancelJob, id);
    expect(await rows.rowOf(id)).toEqual(first);
    await rows.world.db.jobs.update({ where: { id }, data: { status: 'completed' } });
    await expect(rows.act(cancelJob, id)).rejects.toMatchObject({ status: 409 });
  });

  test('is kept by the row when Temporal is away, and done by the sweep', async () => {
    const id = await rows.leave();
    await cancelJob({ ...rows.deps, engine: rows.awayEngine() }, await rows.rowOf(id));
    expect(rows.errors).toHaveLength(1);
    await rows.sweep();
    expect(await rows.rowOf(id)).toMatchObject({ status: 'cancelled' });
  });

  test('wins against an end that comes at the same moment', async () => {
    const id = await rows.leave();
    await markJobRunning(rows.world.db, { job_id: id, run: 1 });
    await rows.world.db.jobs.update({ where: { id }, data: { cancel_requested_at: new Date() } });
    expect(await finishJob(rows.world.db, rows.outcome(id))).toBe(true);
    expect(await rows.rowOf(id)).toMatchObject({ status: 'cancelled', result: null, error: null });
  });

  test('of a job that is just being started ends what was started', async () => {
    const id = await rows.leave();
    const slow: JobEngine = {
      ...rows.engine,
      async start(row) {
        const run_id = await rows.engine.start(row);
        await rows.world.db.jobs.update({ where: { id }, data: { cancel_requested_at: new Date() } });
        return run_id;
      },
    };
    await rows.sweep({ engine: slow });
    const { events } = await rows.handle(id).fetchHistory();
    expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
  });
});

describe('a final status', () => {
  test('is the first one, whatever comes later', async () => {
    const id = await rows.start();
    expect(await finishJob(rows.world.db, rows.outcome(id))).toBe(true);
    expect(await finishJob(rows.world.db, rows.outcome(id, { status: 'failed', revision: 12 }))).toBe(false);
    await rows.handle(id).terminate();
    await rows.age(id);
    await rows.sweep();
    const reader = createJobReader(rows.deps);
    expect(await reader.read(rows.world.owner_id, id)).toMatchObject({ status: 'completed', revision: 9 });
  });

  test('is not written by an earlier run', async () => {
    const id = await rows.leave({ status: 'failed' });
    expect(await reopenJob(rows.world.db, await rows.rowOf(id))).toBe(true);
    await markJobRunning(rows.world.db, { job_id: id, run: 1 });
    expect(await finishJob(rows.world.db, rows.outcome(id))).toBe(false);
    expect(await rows.rowOf(id)).toMatchObject({ status: 'queued', run: 2, revision: 2 });
  });
});

describe('retry', () => {
  test('is a new run under the same id; of two at once one is refused', async () => {
    const id = await rows.start();
    await rows.handle(id).terminate();
    await finishJob(rows.world.db, rows.outcome(id, { status: 'failed', error: null }));
    const row = await rows.rowOf(id);
    const both = await Promise.allSettled([retryJob(rows.deps, row), retryJob(rows.deps, row)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    if (rows.errors.length > 0) await sweepSoon(id);
    const execution = await rows.engine.describe(id);
    expect(execution).toMatchObject({ status: 'running', run: 2 });
    expect(await rows.rowOf(id)).toMatchObject({
      ...{ status: 'queued', run: 2, revision: 10, result: null, error: null, finished_at: null },
    });
  });

  /** Temporal takes the same id again only a second after its last start; the sweep makes up for it. */
  async function sweepSoon(id: string): Promise<void> {
    await rows.age(id);
    await sleep(1_000);
    await rows.sweep();
  }

  test('does not take the run that is still ending for its own', async () => {
    const id = await rows.start();
    await finishJob(rows.world.db, rows.outcome(id, { status: 'cancelled' }));
    setTimeout(() => void rows.handle(id).terminate(), 500);
    await rows.act(retryJob, id);
    if (rows.errors.length > 0) await sweepSoon(id);
    expect(await rows.engine.describe(id)).toMatchObject({ status: 'running', run: 2 });
  });

  test.each(['queued', 'running', 'paused', 'completed'])(
    'of a job that is %s is refused',
    async (status) => {
      await expect(rows.act(retryJob, await rows.leave({ status }))).rejects.toMatchObject({ status: 409 });
    },
  );
});

describe('pause and resume', () => {
  test('reach the workflow, and the list knows', async () => {
    const id = await rows.start();
    await markJobRunning(rows.world.db, { job_id: id, run: 1 });
    await rows.act(pauseJob, id);
    expect(await rows.rowOf(id)).toMatchObject({ status: 'paused' });
    await rows.act(resumeJob, id);
    expect(await rows.rowOf(id)).toMatchObject({ status: 'running' });
    const { events } = await rows.handle(id).fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals?.filter(Boolean)).toEqual(['pause', 'resume']);
  });

  test('of what does not run are refused', async () => {
    const never = await rows.leave();
    await expect(rows.act(pauseJob, never)).rejects.toMatchObject({ status: 409 });
    await rows.world.db.jobs.update({ where: { id: never }, data: { status: 'failed' } });
    await expect(rows.act(resumeJob, never)).rejects.toMatchObject({ status: 409 });
  });
});
