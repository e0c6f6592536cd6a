/** Reads jobs for pollers: one describe per job at a time, whoever asks, and none for a job that has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../domain/job';
import type { Db } from '../../prisma/client';
import { createFreshValues } from './fresh';
import { createLook, type Seen } from './look';
import type { Job } from './schemas';
import type { JobEngine } from './temporal';
import type { JobRow } from './view';

/** How often a waiting request looks for a change. */
const WATCH_MS = 250;

export interface Until {
  /** Revisions that the asker has. */
  readonly known: readonly number[];
  readonly seconds: number;
  readonly signal: AbortSignal;
}

export interface JobReader {
  /** Undefined where there is no such job, or it is another's. A row that was just read saves reading it. */
  read(owner_id: string, job_id: string, row?: JobRow): Promise<Job | undefined>;
  /** The job at its next revision after a known one, or at its end where none is known, or as it is when the time is over. */
  wait(owner_id: string, job_id: string, until: Until): Promise<Job | undefined>;
  /** What was just changed is read anew. */
  forget(job_id: string): void;
}

const isOver = (job: Job, { known }: Until): boolean =>
  isFinal(job.status) || (known.length > 0 && !known.includes(job.revision));

export function createJobReader(deps: { db: Db; engine: JobEngine }): JobReader {
  const seen = createFreshValues<Seen, JobRow>(createLook(deps));

  const read: JobReader['read'] = async (owner_id, job_id, row) => {
    const found = await seen.get(job_id, row);
    return found?.row.owner_id === owner_id ? found.job : undefined;
  };

  return {
    read,
    forget: seen.forget,
    async wait(owner_id, job_id, until) {
      const { seconds, signal } = until;
      const giveUpAt = Date.now() + seconds * 1000;
      for (;;) {
        const job = await read(owner_id, job_id);
        const leftMs = giveUpAt - Date.now();
        if (!job || isOver(job, until) || leftMs <= 0 || signal.aborted) return job;
        // An abort ends the loop above.
        await sleep(Math.min(WATCH_MS, leftMs), undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
