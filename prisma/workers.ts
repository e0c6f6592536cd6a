/** Which workers live. */
import type { Db } from './client';

/** One writes every 15 s; who missed two is gone. */
const FRESH_MS = 45_000;

export const liveWorkers = (db: Db) =>
  db.workers.findMany({
    where: { seen_at: { gte: new Date(Date.now() - FRESH_MS) } },
    orderBy: { id: 'asc' },
  });
