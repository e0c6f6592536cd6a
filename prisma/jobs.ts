/** Job rows: the queries that the API and the worker share. */
import type { Cost } from '../domain/cost';
import type { JobOutcome, JobStatus } from '../domain/job';
import type { Db } from './client';
import { Prisma } from './generated/client';

export const OPEN_STATUSES: JobStatus[] = ['queued', 'running', 'paused'];

/** Our own JSON types have no index signature, which Prisma's input type asks for. */
const json = (value: object) => value as Prisma.InputJsonObject;

/** Nullable JSON columns tell SQL's null from JSON's. */
const nullableJson = (value: object | null) => (value === null ? Prisma.DbNull : json(value));

interface RunOf {
  readonly id: string;
  readonly run: number;
}

/** Only this run, and only while nothing final is written. */
const openRun = ({ id, run }: RunOf) => ({ id, run, status: { in: OPEN_STATUSES } });

export async function markJobRunning(
  db: Db,
  { job_id, run }: { job_id: string; run: number },
): Promise<void> {
  await db.jobs.updateMany({
    where: { ...openRun({ id: job_id, run }), started_at: null },
    data: { status: 'running', started_at: new Date(), revision: { increment: 1 } },
  });
}

const NOTHING = { result: Prisma.DbNull, error: Prisma.DbNull };

/**
 * True when this outcome was the first; a repeated or late one changes nothing.
 * Whoever was told that the job is cancelled finds it cancelled, even if it just came to its end.
 */
export async function finishJob(db: Db, outcome: JobOutcome, cost?: Cost): Promise<boolean> {
  const { job_id, run, result, error, progress, steps, warnings, ...facts } = outcome;
  const open = openRun({ id: job_id, run });
  const data = {
    ...facts,
    steps: json(steps),
    warnings: json(warnings),
    progress: nullableJson(progress),
    result: nullableJson(result),
    error: nullableJson(error),
    ...(cost && { cost: json(cost) }),
    finished_at: new Date(),
  };
  const asSaid = await db.jobs.updateMany({ where: { ...open, cancel_requested_at: null }, data });
  if (asSaid.count > 0) return true;
  const asPromised = await db.jobs.updateMany({
    where: open,
    data: { ...data, ...NOTHING, status: 'cancelled' },
  });
  return asPromised.count > 0;
}

/** Makes a job that has ended ready for its next run. False when its status or run is no longer this one. */
export async function reopenJob(db: Db, row: RunOf & { readonly status: string }): Promise<boolean> {
  const { id, run, status } = row;
  const { count } = await db.jobs.updateMany({
    where: { id, run, status },
    data: {
      ...{ run: run + 1, status: 'queued', revision: { increment: 1 }, ...NOTHING, cost: Prisma.DbNull },
      ...{ run_id: null, phase: null, steps: [], warnings: [], progress: Prisma.DbNull },
      ...{ started_at: null, finished_at: null, cancel_requested_at: null },
    },
  });
  return count > 0;
}

/** The row learns what its execution is; false when the job was cancelled, ended or erased meanwhile. */
export async function noteExecution(
  db: Db,
  row: RunOf,
  facts: { run_id?: string; status?: 'running' | 'paused' },
): Promise<boolean> {
  const { count } = await db.jobs.updateMany({
    where: { ...openRun(row), cancel_requested_at: null },
    data: facts,
  });
  return count > 0;
}

/** Final from here on: no start follows, and no outcome but `cancelled`. False when the job has ended already. */
export async function requestJobCancel(db: Db, row: RunOf): Promise<boolean> {
  const { count } = await db.jobs.updateMany({
    where: { ...openRun(row), cancel_requested_at: null },
    data: { cancel_requested_at: new Date() },
  });
  return count > 0;
}
