/** Job rows in every state, and the parts that act on them; real database, real Temporal, no worker. */
import { Client, Connection } from '@temporalio/client';
import type { JobOutcome } from '../../../domain/job';
import { createWorld, type World } from '../../../testing/world';
import type { Action, ActionDeps } from '../actions';
import { createJobStarter } from '../start';
import { createSweep } from '../sweep';
import { createJobEngine, type JobEngine } from '../temporal';
import { findJobRow, type JobRow } from '../view';

/** Long enough ago for the sweep. */
const LONG_AGO = () => new Date(Date.now() - 60_000);

export type Rows = Awaited<ReturnType<typeof createRows>>;

async function addSource({ db, blobs, owner_id }: World): Promise<string> {
  const { sha256, bytes } = await blobs.put('RIFF....WAVE');
  const file = { kind: 'audio', title: 'tone', file_name: 'tone.wav', media_type: 'audio/wav' };
  const { id } = await db.content.create({
    data: { id: crypto.randomUUID(), owner_id, blob: sha256, bytes, ...file },
  });
  return id;
}

export async function createRows() {
  const world = await createWorld();
  const { db, blobs, client, queue, owner_id } = world;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const engine = createJobEngine({ client, queue });
  const deps: ActionDeps = { db, blobs, engine, onError };
  const source_id = await addSource(world);
  const blank = (over: object) => ({
    ...{ id: crypto.randomUUID(), owner_id, created_at: LONG_AGO(), status: 'queued' },
    ...{ type: 'transcribe', title: 'x', input: { source_id }, estimated_time: 1, ...over },
  });
  const rowOf = async (id: string): Promise<JobRow> => (await findJobRow(db, id))!;

  return {
    ...{ world, engine, deps, errors, source_id, rowOf },
    handle: (id: string) => client.workflow.getHandle(id),

    /** A job as a request starts it. */
    async start(over: { engine?: JobEngine } = {}): Promise<string> {
      const starter = createJobStarter({ db, engine, ...over, onLaunchError: onError });
      return (await starter.start({ id: crypto.randomUUID(), owner_id, type: 'transcribe', input: { source_id } })).job_id;
    },

    blank,
    /** A row as a crash leaves it before its workflow was started. */
    leave: async (over: object = {}): Promise<string> => (await db.jobs.create({ data: blank(over) })).id,

    age: (id: string) => db.jobs.update({ where: { id }, data: { created_at: LONG_AGO() } }),
    act: async (action: Action, id: string) => action(deps, await rowOf(id)),
    sweep: (over: Partial<ActionDeps> = {}) => createSweep({ ...deps, ...over }, { onError })(),

    outcome: (job_id: string, over: Partial<JobOutcome> = {}): JobOutcome => ({
      ...{ job_id, run: 1, status: 'completed', revision: 9, phase: 'merge', steps: [], warnings: [] },
      ...{ progress: null, result: { text: 'hi' }, error: null, ...over },
    }),

    /** Temporal at an address where nobody listens. */
    awayEngine(): JobEngine {
      const connection = Connection.lazy({ address: '127.0.0.1:1' });
      world.onClose(() => connection.close());
      return createJobEngine({ client: new Client({ connection }), queue });
    },

    async clear(): Promise<void> {
      errors.length = 0;
      await db.jobs.deleteMany();
    },
  };
}
