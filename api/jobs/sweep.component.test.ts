/** What the sweep finds after crashes, outages and deeds in the Temporal Web UI. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRows, type Rows } from './__fixtures__/rows';
import { createSweep, startSweeping } from './sweep';
import type { JobEngine } from './temporal';

let rows: Rows;
beforeAll(async () => {
  rows = await createRows();
});
beforeEach(() => rows.clear());
afterAll(() => rows.world.close());

test('starts what a crash left queued, once', async () => {
  const id = await rows.leave();
  await rows.sweep();
  await rows.sweep();
  const { status, runId } = await rows.handle(id).describe();
  expect(status.name).toBe('RUNNING');
  expect(await rows.rowOf(id)).toMatchObject({ status: 'queued', run_id: runId });
  expect(rows.errors).toEqual([]);
});

test('leaves young rows to the request that writes them', async () => {
  const id = await rows.leave();
  await rows.world.db.jobs.update({ where: { id }, data: { created_at: new Date() } });
  await rows.sweep();
  expect(await rows.engine.describe(id)).toEqual({ status: 'absent' });
});

test('learns the run that a crash kept from the row', async () => {
  const id = await rows.leave();
  const run_id = await rows.engine.start(await rows.rowOf(id));
  await rows.sweep();
  expect(await rows.rowOf(id)).toMatchObject({ run_id, status: 'queued' });
});

test('a second start of the same run is the first one, even after it has closed', async () => {
  const id = await rows.start();
  const { run_id } = await rows.rowOf(id);
  expect(await rows.engine.start(await rows.rowOf(id))).toBe(run_id);
  await rows.handle(id).terminate();
  await expect(rows.engine.start(await rows.rowOf(id))).rejects.toThrow(/already started/i);
});

test('settles a job that was terminated in the Web UI', async () => {
  const id = await rows.start();
  await rows.handle(id).terminate('by an operator');
  await rows.age(id);
  await rows.sweep();
  const error = { code: 'TERMINATED', retryable: true };
  expect(await rows.rowOf(id)).toMatchObject({ status: 'failed', revision: 2, error });
});

test.each(['queued', 'running'])('settles a job that was %s when its execution was lost', async (status) => {
  const id = await rows.leave({ status, run_id: crypto.randomUUID() });
  await rows.sweep();
  expect(await rows.rowOf(id)).toMatchObject({ status: 'failed', error: { code: 'LOST', retryable: true } });
});

test('settles a job whose time ran out', async () => {
  const id = await rows.leave();
  const options = { taskQueue: rows.world.queue, memo: { run: 1 }, args: [{}] };
  const started = await rows.world.client.workflow.start('transcribe', {
    ...{ ...options, workflowId: id, workflowRunTimeout: '1s' },
  });
  await started.result().catch(() => undefined);
  await rows.sweep();
  expect(await rows.rowOf(id)).toMatchObject({ status: 'failed', error: { code: 'TIMED_OUT' } });
});

test('goes on behind a row that fails, and gives up for now when everything does', async () => {
  const ids = (await Promise.all([1, 2, 3, 4, 5].map(() => rows.leave()))).sort();
  const asked: string[] = [];
  const describe: JobEngine['describe'] = async (id) => {
    asked.push(id);
    if (id === ids[1]) throw new Error('poison');
    return rows.engine.describe(id);
  };
  await rows.sweep({ engine: { ...rows.engine, describe } });
  expect(asked.slice(0, 5)).toEqual(ids);
  expect(rows.errors).toEqual([new Error('poison')]);

  await rows.world.db.jobs.updateMany({ data: { run_id: null } });
  let tries = 0;
  const away: JobEngine['describe'] = () => Promise.reject(new Error(`away ${++tries}`));
  await rows.sweep({ engine: { ...rows.engine, describe: away } });
  expect(tries).toBe(3);
});

test('reaches every row, however many wait before it', async () => {
  const ids = Array.from({ length: 250 }, () => crypto.randomUUID());
  await rows.world.db.jobs.createMany({
    data: ids.map((id) => rows.blank({ id, status: 'running', run_id: 'run' })),
  });
  const asked: string[] = [];
  const describe: JobEngine['describe'] = async (id) => {
    asked.push(id);
    return { status: 'running', run: 1, run_id: 'run', events: 3 };
  };
  const rounds = createSweep(
    { ...rows.deps, engine: { ...rows.engine, describe } },
    { onError: rows.deps.onError },
  );
  for (let n = 0; n < 3; n++) await rounds();
  expect(asked.sort()).toEqual(ids.sort());
});

test('runs by itself until it is stopped', async () => {
  const id = await rows.leave();
  const sweeping = startSweeping(rows.deps, { everyMs: 50, onError: rows.deps.onError });
  while ((await rows.rowOf(id)).run_id === null) await sleep(20);
  await sweeping.stop();
  expect(rows.errors).toEqual([]);
});

test('starts what was accepted while Temporal was away', async () => {
  const id = await rows.start({ engine: rows.awayEngine() });
  expect(await rows.rowOf(id)).toMatchObject({ status: 'queued', run_id: null });
  expect(rows.errors).toHaveLength(1);
  await rows.age(id);
  await rows.sweep();
  expect(await rows.engine.describe(id)).toMatchObject({ status: 'running', run: 1 });
});
