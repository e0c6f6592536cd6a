/** Job rows: the queries that the API and the worker share. */
import type { JobOutcome, JobStatus } from '../domain/job';
import type { Db } from './client';
import { Prisma } from './generated/client';

const OPEN: JobStatus[] = ['queued', 'running', 'paused'];

/** Our own JSON types have no index signature, which Prisma's input type asks for. */
const json = (value: object) => value as Prisma.InputJsonObject;

/** Nullable JSON columns tell SQL's null from JSON's. */
const nullableJson = (value: object | null) => (value === null ? Prisma.DbNull : json(value));

/** Only this run, and only while nothing final is written. */
const openRun = (job_id: string, run: number) => ({ id: job_id, run, status: { in: OPEN } });

export async function markJobRunning(
  db: Db,
  { job_id, run }: { job_id: string; run: number },
): Promise<void> {
  await db.jobs.updateMany({
    where: { ...openRun(job_id, run), started_at: null },
    data: { status: 'running', started_at: new Date(), revision: { increment: 1 } },
  });
}

/** True when this outcome was the first; a repeated or late one changes nothing. */
export async function finishJob(db: Db, outcome: JobOutcome): Promise<boolean> {
  const { job_id, run, result, error, progress, steps, warnings, ...facts } = outcome;
  const { count } = await db.jobs.updateMany({
    where: openRun(job_id, run),
    data: {
      ...facts,
      steps: json(steps),
      warnings: json(warnings),
      progress: nullableJson(progress),
      result: nullableJson(result),
      error: nullableJson(error),
      finished_at: new Date(),
    },
  });
  return count > 0;
}
