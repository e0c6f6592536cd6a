/** What an owner does to a job: cancel, retry, pause, resume, erase. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, type JobStatus } from '../../domain/job';
import { removeUnusedBlobs } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import { noteExecution, reopenJob, requestJobCancel } from '../../prisma/jobs';
import type { Blobs } from '../../store/blobs';
import { conflict, HttpError, notFound, unavailable } from '../http/errors';
import { launch } from './launch';
import { CANCEL_PATIENCE_MS, reconcile, type SweepDeps } from './sweep';
import { findJobRow, type JobRow } from './view';

const RETRYABLE: readonly JobStatus[] = ['failed', 'cancelled', 'completed_with_warnings'];

export interface ActionDeps extends SweepDeps {
  readonly blobs: Blobs;
  readonly onError: (error: unknown) => void;
}

export type Action = (deps: ActionDeps, row: JobRow) => Promise<void>;

export async function findOwnJob(db: Db, owner_id: string, id: string): Promise<JobRow> {
  const row = await findJobRow(db, id);
  if (row?.owner_id !== owner_id) throw notFound('job');
  return row;
}

interface Acting {
  readonly deps: ActionDeps;
  readonly row: JobRow;
  /** When the first attempt came, if this one goes on after its crash. */
  readonly since: Date | undefined;
}

/** What a first attempt has done is not done again: the job has ended since, or its state forbids it by now. */
export async function actOnce(act: Action, { deps, row, since }: Acting): Promise<void> {
  if (since === undefined) return act(deps, row);
  if (row.finished_at && row.finished_at > since) return;
  await act(deps, row).catch((error: unknown) => {
    if (!(error instanceof HttpError) || error.code !== 'CONFLICT') throw error;
  });
}

async function reconcileAgain(deps: ActionDeps, id: string): Promise<void> {
  const row = await findJobRow(deps.db, id);
  if (row && !isFinal(row.status as JobStatus)) await reconcile(deps, row);
}

/** The row first: from then on no start and no outcome but `cancelled` follows, whatever becomes of this call. */
async function requestCancel(deps: ActionDeps, row: JobRow): Promise<void> {
  await requestJobCancel(deps.db, row);
  const reached = await deps.engine.cancel(row.id);
  // There is nobody to end it: the workflow was never started, or is over.
  if (!reached) await reconcileAgain(deps, row.id);
}

/** A worker that does not answer cannot keep a job from ending; the sweep does the same after a crash of ours. */
function endInTime(deps: ActionDeps, id: string): void {
  setTimeout(() => void reconcileAgain(deps, id).catch(deps.onError), CANCEL_PATIENCE_MS + 50).unref();
}

/** Idempotent: a job that is cancelled, or about to be, is answered in the same way. Without Temporal the sweep does it. */
export const cancelJob: Action = async (deps, row) => {
  const status = row.status as JobStatus;
  if (status === 'cancelled') return;
  if (isFinal(status))
    throw conflict(`The job has ended: ${status}`, 'Only a job that has not ended can be cancelled');
  await requestCancel(deps, row).catch(deps.onError);
  endInTime(deps, row.id);
};

/** A new run under the same id; the claim on the row lets one of two retries through. */
export const retryJob: Action = async ({ db, engine, onError }, row) => {
  if (!RETRYABLE.includes(row.status as JobStatus))
    throw conflict(`The job is ${row.status}`, 'Only failed, cancelled and incomplete jobs can be retried');
  if (!(await reopenJob(db, row)))
    throw conflict('The job was retried a moment ago', 'Follow it at its link');
  const next = { ...row, run: row.run + 1, revision: row.revision + 1 };
  await launch({ db, engine }, next).catch(onError);
};

const signalJob =
  (name: 'pause' | 'resume', status: 'paused' | 'running'): Action =>
  async ({ db, engine, onError }, row) => {
    const refused = () =>
      conflict(`The job is ${row.status}`, 'Only a job that runs can be paused or resumed');
    if (isFinal(row.status as JobStatus)) throw refused();
    const reached = await engine.signal(row.id, name).catch((error: unknown) => {
      onError(error);
      throw unavailable('Temporal');
    });
    if (!reached) throw refused();
    if (row.status !== 'queued') await noteExecution(db, row, { status });
  };

export const pauseJob = signalJob('pause', 'paused');
export const resumeJob = signalJob('resume', 'running');

async function untilEnded(deps: ActionDeps, id: string): Promise<void> {
  const giveUpAt = Date.now() + CANCEL_PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const row = await deps.db.jobs.findUnique({ where: { id }, select: { status: true } });
    if (!row || isFinal(row.status as JobStatus)) return;
    await sleep(100);
  }
  await reconcileAgain(deps, id);
}

/** Cancels if need be, then removes the row, its artifacts, and the bytes that are nobody else's. */
export const eraseJob: Action = async (deps, row) => {
  if (!isFinal(row.status as JobStatus)) {
    await requestCancel(deps, row)
      .then(() => untilEnded(deps, row.id))
      .catch((error: unknown) => {
        deps.onError(error);
        // Erased now, the row could no longer end the work that may still be running.
        throw unavailable('Temporal');
      });
  }
  const where = { job_id: row.id };
  const artifacts = await deps.db.artifacts.findMany({ where, select: { blob: true } });
  await deps.db.jobs.deleteMany({ where: { id: row.id } });
  await removeUnusedBlobs(
    deps.db,
    artifacts.map(({ blob }) => blob),
    deps.blobs.remove,
  );
};
