/** Artifacts with an end: their terms, and their removal with their bytes. */
import type { Retention } from '../domain/retention';
import { removeUnusedWithin } from './blobs';
import type { Db } from './client';
import { Prisma } from './generated/client';
import { OPEN_STATUSES } from './jobs';

/** What is made of other artifacts and has an end. */
const DERIVED: Retention = 'derived';
/** Rows at once; each may be a film on the disk. */
const BATCH = 100;
const LONGEST_MS = 30_000;

/** A job that is open may still write its artifacts, and what it shows changes by itself. */
const hasEnded = Prisma.sql`jobs.status <> ALL(${OPEN_STATUSES}::text[])`;

/** What a client has of a job is no longer right: a new ETag. */
const markChanged = (job_ids: readonly string[]) =>
  Prisma.sql`UPDATE jobs SET revision = revision + 1 WHERE id = ANY(${job_ids}::uuid[])`;

interface Found {
  readonly id: string;
  readonly job_id: string;
  readonly blob: string;
}

/** Of two at once, each takes what the other has not; a retry of the job waits. */
const find = (tx: Prisma.TransactionClient, which: Prisma.Sql) => tx.$queryRaw<Found[]>`
  SELECT artifacts.id, job_id, blob FROM artifacts JOIN jobs ON jobs.id = job_id
  WHERE retention = ${DERIVED} AND ${which} AND ${hasEnded}
  LIMIT ${BATCH} FOR UPDATE OF artifacts, jobs SKIP LOCKED`;

const setTerms = (db: Db, which: Prisma.Sql, until: Prisma.Sql): Promise<number> =>
  db.$transaction(async (tx) => {
    const found = await find(tx, which);
    if (found.length === 0) return 0;
    await tx.$executeRaw`UPDATE artifacts SET expires_at = ${until}
                         WHERE id = ANY(${found.map(({ id }) => id)}::uuid[])`;
    await tx.$executeRaw(markChanged(found.map(({ job_id }) => job_id)));
    return found.length;
  });

/** A worker of the version before calls what it writes `kept`, whatever it is. */
export const classify = (db: Db, kinds: readonly string[]) =>
  db.artifacts.updateMany({
    where: { kind: { in: [...kinds] }, retention: 'kept' },
    data: { retention: DERIVED },
  });

/** A term for those that have none yet: new ones, and those of before there were terms. Says how many. */
export const startTerms = (db: Db, days: number): Promise<number> =>
  setTerms(db, Prisma.sql`expires_at IS NULL`, Prisma.sql`now() + make_interval(days => ${days}::int)`);

/** Nothing has an end where the operator wants none. */
export const endTerms = (db: Db): Promise<number> =>
  setTerms(db, Prisma.sql`expires_at IS NOT NULL`, Prisma.sql`NULL`);

/**
 * Removes those whose term is over, with the bytes that nobody else uses, and says how many.
 * A crash leaves rows without bytes rather than bytes without rows: the next upkeep removes those.
 */
export const removeExpired = (db: Db, remove: (blob: string) => Promise<void>): Promise<number> =>
  db.$transaction(
    async (tx) => {
      const found = await find(tx, Prisma.sql`expires_at < now()`);
      if (found.length === 0) return 0;
      await tx.artifacts.deleteMany({ where: { id: { in: found.map(({ id }) => id) } } });
      await tx.$executeRaw(markChanged(found.map(({ job_id }) => job_id)));
      await removeUnusedWithin(
        tx,
        found.map(({ blob }) => blob),
        remove,
      );
      return found.length;
    },
    { timeout: LONGEST_MS },
  );
