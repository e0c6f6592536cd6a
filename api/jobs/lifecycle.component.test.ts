/** Row and execution through everything that may come between them; real database, real Temporal, no worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { JobOutcome } from '../../domain/job';
import { finishJob, markJobRunning, reopenJob } from '../../prisma/jobs';
import { createWorld, type World } from '../../testing/world';
import { cancelJob, eraseJob, pauseJob, resumeJob, retryJob, type Action, type ActionDeps } from './actions';
import { createJobStarter } from './start';
import { createJobReader } from './status';
import { createSweep, startSweeping } from './sweep';
import { createJobEngine, type JobEngine } from './temporal';
import { findJobRow, type JobRow } from './view';

let world: World;
let engine: JobEngine;
let deps: ActionDeps;
let source_id: string;
let errors: unknown[];

beforeAll(async () => {
  world = await createWorld();
  const { db, blobs, client, queue, owner_id } = world;
  engine = createJobEngine({ client, queue });
  deps = { db, blobs, engine, onError: (error) => errors.push(error) };
  const { sha256, bytes } = await blobs.put('RIFF....WAVE');
  const file = { kind: 'audio', title: 'tone', file_name: 'tone.wav', media_type: 'audio/wav' };
  source_id = crypto.randomUUID();
  await db.content.create({ data: { id: source_id, owner_id, blob: sha256, bytes, ...file } });
});
afterAll(() => world.close());

beforeEach(async () => {
  errors = [];
  await world.db.jobs.deleteMany();
});

const rowOf = async (id: string): Promise<JobRow> => (await findJobRow(world.db, id))!;
const handle = (id: string) => world.client.workflow.getHandle(id);

async function start(): Promise<string> {
  const starter = createJobStarter({ db: world.db, engine, onLaunchError: (error) => errors.push(error) });
  const job = await starter.start({ owner_id: world.owner_id, type: 'transcribe', input: { source_id } });
  return job.job_id;
}

/** A row as a crash leaves it before its workflow was started; old enough for the sweep. */
async function leave(over: object = {}): Promise<string> {
  const facts = { type: 'transcribe', title: 'x', input: { source_id }, status: 'queued', estimated_time: 1 };
  const row = { id: crypto.randomUUID(), owner_id: world.owner_id, ...facts, ...over };
  await world.db.jobs.create({ data: { ...row, created_at: new Date(Date.now() - 60_000) } });
  return row.id;
}

const age = (id: string) =>
  world.db.jobs.update({ where: { id }, data: { created_at: new Date(Date.now() - 60_000) } });

const act = async (action: Action, id: string) => action(deps, await rowOf(id));
const sweep = (over: Partial<ActionDeps> = {}) =>
  createSweep({ ...deps, ...over }, { onError: (error) => errors.push(error) })();

const outcome = (job_id: string, over: Partial<JobOutcome> = {}): JobOutcome => ({
  ...{ job_id, run: 1, status: 'completed', revision: 9, phase: 'merge', steps: [], warnings: [] },
  ...{ progress: null, result: { text: 'hi' }, error: null, ...over },
});

/** Temporal at an address where nobody listens. */
function awayEngine(): JobEngine {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  world.onClose(() => connection.close());
  return createJobEngine({ client: new Client({ connection }), queue: world.queue });
}

describe('the sweep', () => {
  test('starts what a crash left queued, once', async () => {
    const id = await leave();
    await sweep();
    await sweep();
    const { status, runId } = await handle(id).describe();
    expect(status.name).toBe('RUNNING');
    expect(await rowOf(id)).toMatchObject({ status: 'queued', run_id: runId });
    expect(errors).toEqual([]);
  });

  test('leaves young rows to the request that writes them', async () => {
    const id = await leave();
    await world.db.jobs.update({ where: { id }, data: { created_at: new Date() } });
    await sweep();
    expect(await engine.describe(id)).toEqual({ status: 'absent' });
  });

  test('learns the run that a crash kept from the row', async () => {
    const id = await leave();
    const run_id = await engine.start(await rowOf(id));
    await sweep();
    expect(await rowOf(id)).toMatchObject({ run_id, status: 'queued' });
  });

  test('a second start of the same run is the first one, even after it has closed', async () => {
    const id = await start();
    const { run_id } = await rowOf(id);
    expect(await engine.start(await rowOf(id))).toBe(run_id);
    await handle(id).terminate();
    await expect(engine.start(await rowOf(id))).rejects.toThrow(/already started/i);
  });

  test('settles a job that was terminated in the Web UI', async () => {
    const id = await start();
    await handle(id).terminate('by an operator');
    await age(id);
    await sweep();
    const error = { code: 'TERMINATED', retryable: true };
    expect(await rowOf(id)).toMatchObject({ status: 'failed', revision: 2, error });
  });

  test.each(['queued', 'running'])(
    'settles a job that was %s when its execution was lost',
    async (status) => {
      const id = await leave({ status, run_id: crypto.randomUUID() });
      await sweep();
      expect(await rowOf(id)).toMatchObject({ status: 'failed', error: { code: 'LOST', retryable: true } });
    },
  );

  test('settles a job whose time ran out', async () => {
    const id = await leave();
    const started = await world.client.workflow.start('transcribe', {
      ...{ workflowId: id, taskQueue: world.queue, memo: { run: 1 }, args: [{}], workflowRunTimeout: '1s' },
    });
    await started.result().catch(() => undefined);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'failed', error: { code: 'TIMED_OUT' } });
  });

  test('goes on behind a row that fails, and gives up for now when everything does', async () => {
    const ids = [await leave(), await leave(), await leave(), await leave(), await leave()].sort();
    const asked: string[] = [];
    const describe: JobEngine['describe'] = async (id) => {
      asked.push(id);
      if (id === ids[1]) throw new Error('poison');
      return engine.describe(id);
    };
    await sweep({ engine: { ...engine, describe } });
    expect(asked.slice(0, 5)).toEqual(ids);
    expect(errors).toEqual([new Error('poison')]);

    await world.db.jobs.updateMany({ data: { run_id: null } });
    let tries = 0;
    const away: JobEngine['describe'] = () => Promise.reject(new Error(`away ${++tries}`));
    await sweep({ engine: { ...engine, describe: away } });
    expect(tries).toBe(3);
  });

  test('reaches every row, however many wait before it', async () => {
    const owner = { owner_id: world.owner_id, type: 'transcribe', title: 'x', input: {}, estimated_time: 1 };
    const created_at = new Date(Date.now() - 60_000);
    const ids = Array.from({ length: 250 }, () => crypto.randomUUID());
    await world.db.jobs.createMany({
      data: ids.map((id) => ({ ...owner, id, created_at, status: 'running', run_id: 'run' })),
    });
    const asked: string[] = [];
    const describe: JobEngine['describe'] = async (id) => {
      asked.push(id);
      return { status: 'running', run: 1, run_id: 'run' };
    };
    const rounds = createSweep({ ...deps, engine: { ...engine, describe } }, { onError: deps.onError });
    for (let n = 0; n < 3; n++) await rounds();
    expect(asked.sort()).toEqual(ids.sort());
  });

  test('runs by itself until it is stopped', async () => {
    const id = await leave();
    const sweeping = startSweeping(deps, { everyMs: 50, onError: deps.onError });
    while ((await rowOf(id)).run_id === null) await sleep(20);
    await sweeping.stop();
    expect(errors).toEqual([]);
  });

  test('starts what was accepted while Temporal was away', async () => {
    const away = awayEngine();
    const starter = createJobStarter({
      db: world.db,
      engine: away,
      onLaunchError: (error) => errors.push(error),
    });
    const { job_id, status } = await starter.start({
      ...{ owner_id: world.owner_id, type: 'transcribe', input: { source_id } },
    });
    expect([status, errors.length]).toEqual(['queued', 1]);
    await age(job_id);
    await sweep();
    expect(await engine.describe(job_id)).toMatchObject({ status: 'running', run: 1 });
  });
});

describe('cancel', () => {
  test('before the workflow exists: at once, and nothing starts it afterwards', async () => {
    const id = await leave();
    await act(cancelJob, id);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', error: null });
    await sweep();
    expect(await engine.describe(id)).toEqual({ status: 'absent' });
  });

  test('without a worker: within five seconds', async () => {
    const id = await start();
    const began = Date.now();
    await act(cancelJob, id);
    while ((await rowOf(id)).status !== 'cancelled') await sleep(50);
    expect(Date.now() - began).toBeLessThanOrEqual(5_000);
    expect((await handle(id).describe()).status.name).toBe('TERMINATED');
    expect(errors).toEqual([]);
  });

  test('twice is once; an ended job is refused', async () => {
    const id = await leave();
    await act(cancelJob, id);
    const first = await rowOf(id);
    await act(cancelJob, id);
    expect(await rowOf(id)).toEqual(first);
    await world.db.jobs.update({ where: { id }, data: { status: 'completed' } });
    await expect(act(cancelJob, id)).rejects.toMatchObject({ status: 409 });
  });

  test('is kept by the row when Temporal is away, and done by the sweep', async () => {
    const id = await leave();
    await cancelJob({ ...deps, engine: awayEngine() }, await rowOf(id));
    expect(errors).toHaveLength(1);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled' });
  });

  test('wins against an end that comes at the same moment', async () => {
    const id = await leave();
    await markJobRunning(world.db, { job_id: id, run: 1 });
    await world.db.jobs.update({ where: { id }, data: { cancel_requested_at: new Date() } });
    expect(await finishJob(world.db, outcome(id))).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', result: null, error: null });
  });

  test('of a job that is just being started ends what was started', async () => {
    const id = await leave();
    const slow: JobEngine = {
      ...engine,
      async start(row) {
        const run_id = await engine.start(row);
        await world.db.jobs.update({ where: { id }, data: { cancel_requested_at: new Date() } });
        return run_id;
      },
    };
    await sweep({ engine: slow });
    const { events } = await handle(id).fetchHistory();
    expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
  });
});

describe('a final status', () => {
  test('is the first one, whatever comes later', async () => {
    const id = await start();
    expect(await finishJob(world.db, outcome(id))).toBe(true);
    expect(await finishJob(world.db, outcome(id, { status: 'failed', revision: 12 }))).toBe(false);
    await handle(id).terminate();
    await age(id);
    await sweep();
    const reader = createJobReader(deps);
    expect(await reader.read(world.owner_id, id)).toMatchObject({ status: 'completed', revision: 9 });
  });

  test('is not written by an earlier run', async () => {
    const id = await leave({ status: 'failed' });
    expect(await reopenJob(world.db, await rowOf(id))).toBe(true);
    await markJobRunning(world.db, { job_id: id, run: 1 });
    expect(await finishJob(world.db, outcome(id))).toBe(false);
    expect(await rowOf(id)).toMatchObject({ status: 'queued', run: 2, revision: 2 });
  });
});

describe('retry', () => {
  test('is a new run under the same id; of two at once one is refused', async () => {
    const id = await start();
    await handle(id).terminate();
    await finishJob(world.db, outcome(id, { status: 'failed', error: null }));
    const row = await rowOf(id);
    const both = await Promise.allSettled([retryJob(deps, row), retryJob(deps, row)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    if (errors.length > 0) await sweepSoon(id);
    const execution = await engine.describe(id);
    expect(execution).toMatchObject({ status: 'running', run: 2 });
    expect(await rowOf(id)).toMatchObject({
      ...{ status: 'queued', run: 2, revision: 10, result: null, error: null, finished_at: null },
    });
  });

  /** Temporal takes the same id again only a second after its last start; the sweep makes up for it. */
  async function sweepSoon(id: string): Promise<void> {
    await age(id);
    await sleep(1_000);
    await sweep();
  }

  test('does not take the run that is still ending for its own', async () => {
    const id = await start();
    await finishJob(world.db, outcome(id, { status: 'cancelled' }));
    setTimeout(() => void handle(id).terminate(), 500);
    await act(retryJob, id);
    if (errors.length > 0) await sweepSoon(id);
    expect(await engine.describe(id)).toMatchObject({ status: 'running', run: 2 });
  });

  test.each(['queued', 'running', 'paused', 'completed'])(
    'of a job that is %s is refused',
    async (status) => {
      await expect(act(retryJob, await leave({ status }))).rejects.toMatchObject({ status: 409 });
    },
  );
});

describe('pause and resume', () => {
  test('reach the workflow, and the list knows', async () => {
    const id = await start();
    await markJobRunning(world.db, { job_id: id, run: 1 });
    await act(pauseJob, id);
    expect(await rowOf(id)).toMatchObject({ status: 'paused' });
    await act(resumeJob, id);
    expect(await rowOf(id)).toMatchObject({ status: 'running' });
    const { events } = await handle(id).fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals?.filter(Boolean)).toEqual(['pause', 'resume']);
  });

  test('of what does not run are refused', async () => {
    const never = await leave();
    await expect(act(pauseJob, never)).rejects.toMatchObject({ status: 409 });
    await world.db.jobs.update({ where: { id: never }, data: { status: 'failed' } });
    await expect(act(resumeJob, never)).rejects.toMatchObject({ status: 409 });
  });
});

describe('erase', () => {
  async function artifact(job_id: string, content: string, position: number, metadata = {}) {
    const { sha256: blob, bytes } = await world.blobs.put(content);
    const file = { kind: 'voiceover', media_type: 'text/plain', file_name: 'x', position, metadata };
    const row = { id: crypto.randomUUID(), owner_id: world.owner_id, job_id, blob, bytes, ...file };
    await world.db.artifacts.create({ data: row });
    return blob;
  }

  test('removes rows and the bytes that nobody else refers to', async () => {
    const { db, blobs, owner_id } = world;
    const id = await leave({ status: 'completed' });
    const other = await leave({ status: 'completed' });
    const own = await artifact(id, 'nobody else’s', 0);
    const inOther = await artifact(id, 'also another job’s', 1);
    await artifact(other, 'also another job’s', 1);
    const inDeck = await artifact(id, 'what a deck rests on', 2);
    await artifact(other, 'the deck', 2, { passages: inDeck });
    const inCache = await artifact(id, 'a step’s result', 3);
    await db.step_results.create({ data: { key: 'key', owner_id, step: 'speak', blob: inCache } });
    const inTranscript = await artifact(id, 'the transcript', 4);
    const heard = { language: 'en', duration_s: 1, provider: 'p', model: 'm', quality: 'q' };
    await db.transcriptions.create({
      data: { id: crypto.randomUUID(), content_id: source_id, owner_id, blob: inTranscript, ...heard },
    });
    const inContent = await artifact(id, 'RIFF....WAVE', 5);

    await act(eraseJob, id);
    expect(await findJobRow(db, id)).toBeNull();
    expect(await db.artifacts.count({ where: { job_id: id } })).toBe(0);
    expect(await blobs.size(own)).toBeUndefined();
    for (const kept of [inOther, inDeck, inCache, inTranscript, inContent])
      expect(await blobs.size(kept)).toEqual(expect.any(Number));
  });

  test('of a job under way cancels it first', async () => {
    const id = await start();
    await act(eraseJob, id);
    expect(await findJobRow(world.db, id)).toBeNull();
    expect(await engine.describe(id)).toMatchObject({ status: 'closed' });
  });

  test('without Temporal is refused, so that nothing runs on unseen', async () => {
    const id = await start();
    const erasing = eraseJob({ ...deps, engine: awayEngine() }, await rowOf(id));
    await expect(erasing).rejects.toMatchObject({ status: 503 });
    expect(await rowOf(id)).toMatchObject({ status: 'queued' });
  });
});

describe('the reader', () => {
  /** Counts describes; `away` makes them fail. */
  function counting() {
    const seen = { describes: 0, away: false };
    const describe: JobEngine['describe'] = async (id) => {
      seen.describes++;
      if (seen.away) throw new Error('away');
      return engine.describe(id);
    };
    return { seen, reader: createJobReader({ db: world.db, engine: { ...engine, describe } }) };
  }

  const until = (seconds: number, ...known: number[]) => ({
    known,
    seconds,
    signal: new AbortController().signal,
  });

  test('twenty askers cost one describe, an ended job none', async () => {
    const id = await start();
    const { seen, reader } = counting();
    const jobs = await Promise.all(Array.from({ length: 20 }, () => reader.read(world.owner_id, id)));
    expect(jobs).toHaveLength(20);
    expect(seen.describes).toBe(1);
    await finishJob(world.db, outcome(id));
    reader.forget(id);
    expect(await reader.read(world.owner_id, id)).toMatchObject({ status: 'completed' });
    expect(seen.describes).toBe(1);
  });

  test('serves the row while Temporal is away, asking it now and then', async () => {
    const id = await start();
    const { seen, reader } = counting();
    seen.away = true;
    for (let n = 0; n < 5; n++) {
      expect(await reader.read(world.owner_id, id)).toMatchObject({ status: 'queued', revision: 1 });
      reader.forget(id);
    }
    expect(seen.describes).toBe(1);
  });

  test('an execution that somebody terminated is settled on sight', async () => {
    const id = await start();
    await handle(id).terminate();
    expect(await createJobReader(deps).read(world.owner_id, id)).toMatchObject({
      ...{ status: 'failed', revision: 2, error: { code: 'TERMINATED' } },
    });
  });

  test('waits for the next revision, or until the time is over', async () => {
    const id = await start();
    const reader = createJobReader(deps);
    const began = Date.now();
    expect(await reader.wait(world.owner_id, id, until(0.6, 1))).toMatchObject({ revision: 1 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(550);
    const next = reader.wait(world.owner_id, id, until(20, 1));
    await markJobRunning(world.db, { job_id: id, run: 1 });
    expect(await next).toMatchObject({ revision: 2, status: 'running' });
    expect(await reader.wait(world.owner_id, id, until(20, 1))).toMatchObject({ revision: 2 });
  });

  test('without a known revision waits for the end', async () => {
    const id = await start();
    const reader = createJobReader(deps);
    const end = reader.wait(world.owner_id, id, until(20));
    await markJobRunning(world.db, { job_id: id, run: 1 });
    setTimeout(() => void finishJob(world.db, outcome(id)), 400);
    expect(await end).toMatchObject({ status: 'completed' });
  });

  test('stops waiting when the asker has gone', async () => {
    const id = await start();
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 100);
    const began = Date.now();
    await createJobReader(deps).wait(world.owner_id, id, { known: [1], seconds: 20, signal: gone.signal });
    expect(Date.now() - began).toBeLessThan(3_000);
  });
});
