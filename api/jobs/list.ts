import type { z } from 'zod';
import type { Db } from '../../prisma/client';
import { afterCursor, NEWEST_FIRST, toPage } from '../http/cursor';
import type { listSchema } from './schemas';
import type { JobReader } from './status';
import { WITH_ARTIFACTS } from './view';

/** A page of an owner's jobs, each as it is now. */
export async function listJobs(
  { db, reader }: { db: Db; reader: JobReader },
  owner_id: string,
  { limit, cursor, ids, status, type }: z.output<typeof listSchema>,
) {
  const where = { owner_id, status, type, id: ids && { in: ids }, ...afterCursor(cursor) };
  const take = ids?.length ?? limit;
  const rows = await db.jobs.findMany({
    ...{ where, orderBy: NEWEST_FIRST, take: take + 1, include: WITH_ARTIFACTS },
  });
  const { items, next_cursor } = toPage(rows, take);
  const jobs = await Promise.all(items.map((row) => reader.read(owner_id, row.id, row)));
  // One may have been erased since.
  return { items: jobs.filter((job) => job !== undefined), next_cursor };
}
