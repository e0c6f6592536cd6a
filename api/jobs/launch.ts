/** Brings a queued row's workflow to run, once, whoever tries and however often. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Db } from '../../prisma/client';
import { noteExecution } from '../../prisma/jobs';
import type { JobEngine, StartableRow } from './temporal';

/** A retry may come while the run before it has written its end and is about to close. */
const ENDING_TRIES = 10;
const ENDING_POLL_MS = 200;

/** Temporal's id of the run, or undefined when this very run has been and gone. */
async function startOnce(engine: JobEngine, row: StartableRow): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await engine.start(row);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const execution = await engine.describe(row.id);
      if (execution.status !== 'absent' && execution.run === row.run) {
        return execution.status === 'running' ? execution.run_id : undefined;
      }
      if (tries === ENDING_TRIES) throw error;
      await sleep(ENDING_POLL_MS);
    }
  }
}

export async function launch(
  { db, engine }: { db: Db; engine: JobEngine },
  row: StartableRow,
): Promise<void> {
  const run_id = await startOnce(engine, row);
  if (run_id === undefined) return;
  // Cancelled, or erased, while it was being started: nobody waits for it.
  if (!(await noteExecution(db, row, { run_id }))) await endUnwanted({ db, engine }, row);
}

async function endUnwanted({ db, engine }: { db: Db; engine: JobEngine }, row: StartableRow): Promise<void> {
  const now = await db.jobs.findUnique({ where: { id: row.id } });
  // A short job may have written its end already, which is no reason to cancel it.
  const wanted = now?.run === row.run && now.cancel_requested_at === null;
  if (!wanted) await engine.cancel(row.id);
}
