/** Reading jobs: how often Temporal is asked, what is served when it is away, and waiting. */
import type { JobState } from '../../domain/job';
import { finishJob, markJobRunning } from '../../prisma/jobs';
import { createRows, type Rows } from './__fixtures__/rows';
import { createJobReader } from './status';
import type { JobEngine } from './temporal';

let rows: Rows;
beforeAll(async () => {
  rows = await createRows();
});
beforeEach(() => rows.clear());
afterAll(() => rows.world.close());

/** Counts describes; `away` makes them fail. */
function counting() {
  const seen = { describes: 0, away: false };
  const describe: JobEngine['describe'] = async (id) => {
    seen.describes++;
    if (seen.away) throw new Error('away');
    return rows.engine.describe(id);
  };
  return { seen, reader: createJobReader({ db: rows.world.db, engine: { ...rows.engine, describe } }) };
}

const until = (seconds: number, ...known: number[]) => ({
  known,
  seconds,
  signal: new AbortController().signal,
});

test('twenty askers cost one describe, an ended job none', async () => {
  const id = await rows.start();
  const { seen, reader } = counting();
  const jobs = await Promise.all(Array.from({ length: 20 }, () => reader.read(rows.world.owner_id, id)));
  expect(jobs).toHaveLength(20);
  expect(seen.describes).toBe(1);
  await finishJob(rows.world.db, rows.outcome(id));
  reader.forget(id);
  expect(await reader.read(rows.world.owner_id, id)).toMatchObject({ status: 'completed' });
  expect(seen.describes).toBe(1);
});

test('serves the row while Temporal is away, asking it now and then', async () => {
  const id = await rows.start();
  const { seen, reader } = counting();
  seen.away = true;
  for (let n = 0; n < 5; n++) {
    expect(await reader.read(rows.world.owner_id, id)).toMatchObject({ status: 'queued', revision: 1 });
    reader.forget(id);
  }
  expect(seen.describes).toBe(1);
});

test('what was seen of a run is not unseen when Temporal goes away', async () => {
  const id = await rows.start();
  let away = false;
  const state: JobState = {
    ...{ schema: 'job_state/1', run: 1, revision: 6, status: 'running', phase: 'decode' },
    ...{ steps: [], warnings: [], progress: null },
  };
  const describe: JobEngine['describe'] = async () => {
    if (away) throw new Error('away');
    return { status: 'running', run: 1, run_id: 'run', events: 3, live: { state, pending: [] } };
  };
  const reader = createJobReader({ ...rows.deps, engine: { ...rows.engine, describe } });
  const seen = await reader.read(rows.world.owner_id, id);
  expect(seen).toMatchObject({ revision: 6, phase: 'decode' });
  away = true;
  reader.forget(id);
  expect(await reader.read(rows.world.owner_id, id)).toEqual(seen);
});

test('a row is read again only after something happened', async () => {
  const id = await rows.start();
  let events = 5;
  const state: JobState = {
    ...{ schema: 'job_state/1', run: 1, revision: 2, status: 'running', phase: 'decode' },
    ...{ steps: [], warnings: [], progress: null },
  };
  const beat = { attempt: 1, done: 0, total: 40, unit: 's' };
  const describe: JobEngine['describe'] = async () => ({
    ...{ status: 'running', run: 1, run_id: 'run', events },
    live: { state, pending: [{ ...beat, done: beat.done++ }] },
  });
  const reader = createJobReader({ ...rows.deps, engine: { ...rows.engine, describe } });
  const read = async () => {
    reader.forget(id);
    return reader.read(rows.world.owner_id, id);
  };
  expect(await read()).toMatchObject({ title: 'Transcript: tone', progress: { done: 0 } });
  await rows.world.db.jobs.update({ where: { id }, data: { title: 'Written by an activity' } });
  expect(await read()).toMatchObject({ title: 'Transcript: tone', progress: { done: 1 } });
  events++;
  expect(await read()).toMatchObject({ title: 'Written by an activity', progress: { done: 2 } });
});

test('an execution that somebody terminated is settled on sight', async () => {
  const id = await rows.start();
  await rows.handle(id).terminate();
  expect(await createJobReader(rows.deps).read(rows.world.owner_id, id)).toMatchObject({
    ...{ status: 'failed', revision: 2, error: { code: 'TERMINATED' } },
  });
});

test('waits for the next revision, or until the time is over', async () => {
  const id = await rows.start();
  const reader = createJobReader(rows.deps);
  const began = Date.now();
  expect(await reader.wait(rows.world.owner_id, id, until(0.6, 1))).toMatchObject({ revision: 1 });
  expect(Date.now() - began).toBeGreaterThanOrEqual(550);
  const next = reader.wait(rows.world.owner_id, id, until(20, 1));
  await markJobRunning(rows.world.db, { job_id: id, run: 1 });
  expect(await next).toMatchObject({ revision: 2, status: 'running' });
  expect(await reader.wait(rows.world.owner_id, id, until(20, 1))).toMatchObject({ revision: 2 });
});

test('without a known revision waits for the end', async () => {
  const id = await rows.start();
  const reader = createJobReader(rows.deps);
  const end = reader.wait(rows.world.owner_id, id, until(20));
  await markJobRunning(rows.world.db, { job_id: id, run: 1 });
  setTimeout(() => void finishJob(rows.world.db, rows.outcome(id)), 400);
  expect(await end).toMatchObject({ status: 'completed' });
});

test('stops waiting when the asker has gone', async () => {
  const id = await rows.start();
  const gone = new AbortController();
  setTimeout(() => gone.abort(), 100);
  const began = Date.now();
  await createJobReader(rows.deps).wait(rows.world.owner_id, id, {
    known: [1],
    seconds: 20,
    signal: gone.signal,
  });
  expect(Date.now() - began).toBeLessThan(3_000);
});
