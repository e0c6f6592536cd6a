/** What finished jobs teach about this machine: how long they took, measured against the rule of thumb. */
import type { Db } from '../../prisma/client';
import type { JobType } from '../../workflows/contracts';
import { estimateSeconds } from './estimate';

/** The newest ones count: machines, models and providers change. */
const MOST_JOBS = 20;
/** Fewer say little. */
const LEAST_JOBS = 3;
const KEEP_MS = 60_000;

interface Finished {
  readonly media_type: string;
  readonly bytes: bigint;
  readonly took_s: number;
}

/** The first job of its type over each source: later ones find finished steps and say nothing about the work. */
const finishedJobs = (db: Db, type: JobType): Promise<Finished[]> => db.$queryRaw<Finished[]>`
  SELECT media_type, bytes, took_s FROM (
    SELECT DISTINCT ON (content.id) content.media_type, content.bytes, jobs.finished_at, jobs.status,
      extract(epoch FROM jobs.finished_at - jobs.started_at)::float8 AS took_s
    FROM jobs JOIN content ON content.id = (jobs.input ->> 'source_id')::uuid
    WHERE jobs.type = ${type} AND jobs.run = 1
    ORDER BY content.id, jobs.created_at
  ) AS firsts
  WHERE status = 'completed' ORDER BY finished_at DESC LIMIT ${MOST_JOBS}`;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/** By how much jobs of a type take longer here than the rule of thumb says; 1 until enough have finished. */
export async function learnFactor(db: Db, type: JobType): Promise<number> {
  const finished = await finishedJobs(db, type);
  if (finished.length < LEAST_JOBS) return 1;
  return median(finished.map(({ took_s, ...subject }) => took_s / estimateSeconds(type, subject)));
}

/** The factors, asked of the database once a minute. */
export function createFactors(db: Db): (type: JobType) => Promise<number> {
  const known = new Map<JobType, { readonly factor: number; readonly at: number }>();
  return async (type) => {
    const last = known.get(type);
    if (last && Date.now() - last.at < KEEP_MS) return last.factor;
    const factor = await learnFactor(db, type);
    known.set(type, { factor, at: Date.now() });
    return factor;
  };
}
