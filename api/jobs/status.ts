/** Reads jobs for pollers and watchers: one describe per job at a time, whoever asks, and none for a job that has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../domain/job';
import type { Db } from '../../prisma/client';
import type { Change } from '../../store/changes';
import { createFreshValues } from './fresh';
import { createLook, type Seen } from './look';
import type { Job } from './schemas';
import type { JobEngine } from './temporal';
import type { JobRow } from './view';
import { createWakeups } from './wakeups';

/** How often a watcher looks who is not told of a change: for the percent, and while Redis is away. */
const WATCH_MS = 1_000;

/** A change is told before Temporal has it written, by a few milliseconds, or more on a busy machine. */
const SETTLING_MS = [20, 100, 400];

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
  /** The job as it is, and again at each change of its revision or progress, until its end. */
  follow(owner_id: string, job_id: string, signal: AbortSignal): AsyncGenerator<Job, void, undefined>;
  /** What was just changed is read anew. */
  forget(job_id: string): void;
  /** Somebody else has changed it: whoever waits for it looks again. */
  changed(change: Change): Promise<void>;
}

const isOver = (job: Job, { known }: Until): boolean =>
  isFinal(job.status) || (known.length > 0 && !known.includes(job.revision));

const isSame = (one: Job, other: Job | undefined): boolean =>
  one.revision === other?.revision &&
  one.progress?.done === other.progress?.done &&
  one.progress?.unit === other.progress?.unit;

export function createJobReader(deps: { db: Db; engine: JobEngine }): JobReader {
  const seen = createFreshValues<Seen, JobRow>(createLook(deps));
  const wakeups = createWakeups();

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
        await wakeups.sleep(job_id, Math.min(WATCH_MS, leftMs), signal);
      }
    },

    async *follow(owner_id, job_id, signal) {
      let last: Job | undefined;
      while (!signal.aborted) {
        const job = await read(owner_id, job_id);
        if (!job) return;
        if (!isSame(job, last)) yield job;
        if (isFinal(job.status)) return;
        last = job;
        await wakeups.sleep(job_id, WATCH_MS, signal);
      }
    },

    async changed({ job_id, revision }) {
      if (!wakeups.isWaited(job_id) && !seen.isHeld(job_id)) return seen.forget(job_id);
      for (const ms of SETTLING_MS) {
        await sleep(ms);
        const found = await seen.renew(job_id);
        wakeups.wake(job_id);
        if (!found || found.job.revision >= revision) return;
      }
    },
  };
}
