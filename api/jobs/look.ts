/** A job as it is now: its row, and what its running workflow says; an end without a record is settled on sight. */
import { isFinal } from '../../domain/job';
import type { Db } from '../../prisma/client';
import type { Job } from './schemas';
import { settle } from './settle';
import type { Execution, JobEngine } from './temporal';
import { findJobRow, toJob, type JobRow, type LiveJob } from './view';

/** After Temporal did not answer, rows are served without asking it for this long. */
const SILENT_MS = 2_000;

/** A job as it was seen last, and what that was read from. */
export interface Seen {
  readonly job: Job;
  readonly row: JobRow;
  readonly execution?: Execution;
}

type Speaking = Execution & { status: 'running'; live: LiveJob };

/** Its workflow runs and has said how far it is. */
const isSpeaking = (execution: Execution | undefined): execution is Speaking =>
  execution?.status === 'running' && execution.live !== undefined;

/** Then a row and its artifacts are as they were: activities write those, and the end of each one is an event. */
const isUneventful = (now: Speaking, last: Execution | undefined): boolean =>
  isSpeaking(last) && now.run_id === last.run_id && now.events === last.events;

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

  async function jobOf(row: JobRow, execution: Execution | undefined, last: Seen | undefined): Promise<Job> {
    if (!execution) {
      const rowKnowsLess = last?.row.run === row.run && last.job.revision > row.revision;
      return rowKnowsLess ? last.job : toJob(row);
    }
    if (execution.status === 'absent' || execution.run !== row.run) return toJob(row);
    if (execution.status === 'running') return toJob(row, execution.live);
    await settle(db, row, execution);
    return toJob((await findJobRow(db, row.id)) ?? row);
  }

  /** A row that was just read saves reading it. */
  return async function look(
    job_id: string,
    last: Seen | undefined,
    given: JobRow | undefined,
  ): Promise<Seen | undefined> {
    const now = isSpeaking(last?.execution) ? await describe(job_id) : undefined;
    if (last && isSpeaking(now) && isUneventful(now, last.execution))
      return { ...last, execution: now, job: toJob(last.row, now.live) };
    const row = given ?? (await findJobRow(db, job_id));
    if (!row) return undefined;
    if (isFinal(row.status as Job['status'])) return { row, job: toJob(row) };
    const execution = now ?? (await describe(job_id));
    return { row, execution, job: await jobOf(row, execution, last) };
  };
}
