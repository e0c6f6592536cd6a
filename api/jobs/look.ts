/** A job as it is now: its row, and what its running workflow says; an end without a record is settled on sight. */
import { isFinal } from '../../domain/job';
import type { Db } from '../../prisma/client';
import type { Job } from './schemas';
import { settle } from './settle';
import type { Execution, JobEngine } from './temporal';
import { findJobRow, toJob, type JobRow } from './view';

/** After Temporal did not answer, rows are served without asking it for this long. */
const SILENT_MS = 2_000;

export interface Seen {
  readonly job: Job;
  readonly owner_id: string;
  readonly run: number;
}

export function createLook({ db, engine }: { db: Db; engine: JobEngine }) {
  let silentUntil = 0;

  async function describe(job_id: string): Promise<Execution | undefined> {
    if (Date.now() < silentUntil) return undefined;
    try {
      return await engine.describe(job_id);
    } catch {
      // Away, late or overloaded: whoever polls is served from the row, and health says what is wrong.
      silentUntil = Date.now() + SILENT_MS;
      return undefined;
    }
  }

  return async function look(row: JobRow, last: Seen | undefined): Promise<Job> {
    if (isFinal(row.status as Job['status'])) return toJob(row);
    const execution = await describe(row.id);
    if (!execution) {
      const rowKnowsLess = last?.run === row.run && last.job.revision > row.revision;
      return rowKnowsLess ? last.job : toJob(row);
    }
    if (execution.status === 'absent' || execution.run !== row.run) return toJob(row);
    if (execution.status === 'running') return toJob(row, execution.live);
    await settle(db, row, execution);
    return toJob((await findJobRow(db, row.id)) ?? row);
  };
}
