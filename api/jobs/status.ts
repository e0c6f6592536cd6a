/** Reads jobs for pollers: one describe per job at a time, whoever asks, and none for a job that has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../domain/job';
import type { Db } from '../../prisma/client';
import { settle } from './settle';
import type { Job } from './schemas';
import type { JobEngine } from './temporal';
import { findJobRow, toJob, type JobRow } from './view';

/** A younger answer is given as it is. */
const FRESH_MS = 200;
/** An answer up to this age is given while a new one is fetched. */
const STALE_MS = 1_000;
/** How often a waiting request looks for a change. */
const WATCH_MS = 250;
const MOST_ENTRIES = 5_000;

interface Entry {
  readonly job: Job;
  readonly owner_id: string;
  readonly at: number;
}

export interface JobReader {
  /** Undefined where there is no such job, or it is another's. */
  read(owner_id: string, job_id: string): Promise<Job | undefined>;
  /** The job at its next revision after `known`, or at its end where none is given, or as it is when the time is over. */
  wait(
    owner_id: string,
    job_id: string,
    until: { known?: number; seconds: number; signal: AbortSignal },
  ): Promise<Job | undefined>;
  /** What was just changed is read anew. */
  forget(job_id: string): void;
}

export function createJobReader({ db, engine }: { db: Db; engine: JobEngine }): JobReader {
  const entries = new Map<string, Entry>();
  const fetching = new Map<string, Promise<Entry | undefined>>();

  /** The row alone, where Temporal does not answer: older than the truth, never wrong about an end. */
  async function lookAt(row: JobRow): Promise<Job> {
    if (isFinal(row.status as Job['status'])) return toJob(row);
    const execution = await engine.describe(row.id).catch(() => ({ status: 'absent' as const }));
    if (execution.status === 'closed' && execution.run === row.run) {
      await settle(db, row, execution);
      return toJob((await findJobRow(db, row.id)) ?? row);
    }
    const live = execution.status === 'running' ? execution.live : undefined;
    return toJob(row, live?.state.run === row.run ? live : undefined);
  }

  async function fetchEntry(job_id: string): Promise<Entry | undefined> {
    const row = await findJobRow(db, job_id);
    if (!row) return undefined;
    const entry = { job: await lookAt(row), owner_id: row.owner_id, at: Date.now() };
    entries.delete(job_id);
    entries.set(job_id, entry);
    if (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value ?? '');
    return entry;
  }

  function refresh(job_id: string): Promise<Entry | undefined> {
    const under = fetching.get(job_id);
    if (under) return under;
    const fetched = fetchEntry(job_id).finally(() => {
      if (fetching.get(job_id) === fetched) fetching.delete(job_id);
    });
    fetching.set(job_id, fetched);
    return fetched;
  }

  async function current(job_id: string): Promise<Entry | undefined> {
    const entry = entries.get(job_id);
    const age = entry ? Date.now() - entry.at : Infinity;
    if (!entry || age > STALE_MS) return refresh(job_id);
    // The answer is young enough; a failed refresh shows itself to whoever needs the next one.
    if (age > FRESH_MS) void refresh(job_id).catch(() => undefined);
    return entry;
  }

  const read = async (owner_id: string, job_id: string): Promise<Job | undefined> => {
    const entry = await current(job_id);
    return entry?.owner_id === owner_id ? entry.job : undefined;
  };

  return {
    read,
    async wait(owner_id, job_id, { known, seconds, signal }) {
      const until = Date.now() + seconds * 1000;
      for (;;) {
        const job = await read(owner_id, job_id);
        if (!job || isFinal(job.status) || (known !== undefined && job.revision !== known)) return job;
        const left = until - Date.now();
        if (left <= 0 || signal.aborted) return job;
        await sleep(Math.min(WATCH_MS, left), undefined, { signal }).catch(() => undefined);
      }
    },
    forget(job_id) {
      entries.delete(job_id);
      fetching.delete(job_id);
    },
  };
}
