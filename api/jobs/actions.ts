/** What an owner does to a job: cancel, retry, pause, resume, erase. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, type JobStatus } from '../../domain/job';
import type { Db } from '../../prisma/client';
import { HttpError, notFound } from '../http/errors';
import { CANCEL_PATIENCE_MS, reconcile, type SweepDeps } from './sweep';
import { findJobRow, type JobRow } from './view';

const RETRYABLE: readonly JobStatus[] = ['failed', 'cancelled', 'completed_with_warnings'];

const conflict = (message: string, hint: string) => new HttpError(409, 'CONFLICT', message, { hint });

export interface ActionDeps extends SweepDeps {
  readonly onError: (error: unknown) => void;
}

export async function findOwnJob(db: Db, owner_id: string, id: string): Promise<JobRow> {
  const row = await findJobRow(db, id);
  if (row?.owner_id !== owner_id) throw notFound('job');
  return row;
}

/** Final at once for whoever reads the row: no start, no outcome but `cancelled` follows. */
async function requestCancel(deps: ActionDeps, row: JobRow): Promise<void> {
  await deps.db.jobs.updateMany({
    where: { id: row.id, run: row.run, cancel_requested_at: null },
    data: { cancel_requested_at: new Date() },
  });
  const reached = await deps.engine.cancel(row.id).catch((error: unknown) => deps.onError(error));
  if (reached === false) await reconcileAgain(deps, row.id);
}

async function reconcileAgain(deps: ActionDeps, id: string): Promise<void> {
  const row = await findJobRow(deps.db, id);
  if (row && !isFinal(row.status as JobStatus)) await reconcile(deps, row);
}

/** A worker that does not answer cannot keep a job from ending; the sweep does the same after a crash of ours. */
function endInTime(deps: ActionDeps, id: string): void {
  setTimeout(() => void reconcileAgain(deps, id).catch(deps.onError), CANCEL_PATIENCE_MS + 100).unref();
}

export async function cancelJob(deps: ActionDeps, row: JobRow): Promise<void> {
  const status = row.status as JobStatus;
  if (status === 'cancelled') return;
  if (isFinal(status))
    throw conflict(`The job has ended: ${status}`, 'Only a job that has not ended can be cancelled');
  await requestCancel(deps, row);
  endInTime(deps, row.id);
}

/** A new run under the same id; the claim on the row lets one of two retries through. */
export async function retryJob({ db, starter, onError }: ActionDeps, row: JobRow): Promise<void> {
  const refused = conflict(
    `The job is ${row.status}`,
    'Only failed, cancelled and incomplete jobs can be retried',
  );
  if (!RETRYABLE.includes(row.status as JobStatus)) throw refused;
  const run = row.run + 1;
  const { count } = await db.jobs.updateMany({
    where: { id: row.id, run: row.run, status: row.status },
    data: {
      ...{
        run,
        status: 'queued',
        revision: { increment: 1 },
        run_id: null,
        phase: null,
        steps: [],
        warnings: [],
      },
      ...{ result: undefined, started_at: null, finished_at: null, cancel_requested_at: null },
    },
  });
  if (count === 0) throw refused;
  await db.$executeRaw`UPDATE jobs SET result = NULL, error = NULL, progress = NULL WHERE id = ${row.id}::uuid AND run = ${run}`;
  await starter.launch({ ...row, run, revision: row.revision + 1 }).catch(onError);
}

export async function pauseJob({ engine }: ActionDeps, row: JobRow, name: 'pause' | 'resume'): Promise<void> {
  const reached = !isFinal(row.status as JobStatus) && (await engine.signal(row.id, name));
  if (!reached) throw conflict(`The job is ${row.status}`, 'Only a job that runs can be paused or resumed');
}

/** Cancels if need be, then removes the row and its artifacts; the steps' cache stays until the owner goes. */
export async function eraseJob(deps: ActionDeps, row: JobRow): Promise<void> {
  if (!isFinal(row.status as JobStatus)) {
    await requestCancel(deps, row);
    await untilEnded(deps, row.id);
  }
  await deps.db.jobs.delete({ where: { id: row.id } });
}

async function untilEnded(deps: ActionDeps, id: string): Promise<void> {
  const giveUpAt = Date.now() + CANCEL_PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const row = await deps.db.jobs.findUnique({ where: { id }, select: { status: true } });
    if (!row || isFinal(row.status as JobStatus)) return;
    await sleep(100);
  }
  await reconcileAgain(deps, id);
}
