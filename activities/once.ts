/** The step cache: a finished step's pure result is kept before it is returned, and nobody makes it twice at once. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';

export interface OnceKey {
  readonly owner_id: string;
  readonly step: string;
  /** Raised when the step's code gives other results for the same input. */
  readonly version: number;
  /** SHA-256 names of what the step reads. */
  readonly blobs: readonly string[];
  readonly parameters: Record<string, unknown>;
  readonly provider?: string;
  readonly model?: string;
  /** Set by `force: true`: the job for which everything is made anew, once. */
  readonly fresh_for?: string | null;
}

export interface OnceCall {
  /** Whoever holds the lease; a later attempt of the same activity is the same holder. */
  readonly holder: string;
  readonly signal: AbortSignal;
}

export type Once = <T extends object>(key: OnceKey, call: OnceCall, produce: () => Promise<T>) => Promise<T>;

/** JSON with sorted keys, so that equal parameters give equal keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .join(',')}}`;
}

export function keyOf(key: OnceKey): string {
  return createHash('sha256')
    .update(canonical({ ...key, fresh_for: key.fresh_for ?? undefined }))
    .digest('hex');
}

const POLL_MS = 250;

/** `leaseMs` is how long a crashed holder blocks others; a living one renews it in time. */
export function createOnce({
  db,
  blobs,
  leaseMs = 10_000,
}: {
  db: Db;
  blobs: Blobs;
  leaseMs?: number;
}): Once {
  const lease = `${leaseMs} milliseconds`;

  /** True when the lease is ours now; only a result whose bytes are still there keeps us from it. */
  async function acquire(id: string, key: OnceKey, holder: string): Promise<boolean> {
    const rows = await db.$queryRaw<{ key: string }[]>`
      INSERT INTO step_results (key, owner_id, step, lease_holder, lease_until)
      VALUES (${id}, ${key.owner_id}::uuid, ${key.step}, ${holder}, now() + ${lease}::interval)
      ON CONFLICT (key) DO UPDATE SET lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
      WHERE step_results.blob IS NULL
        AND (step_results.lease_until < now() OR step_results.lease_holder = excluded.lease_holder)
      RETURNING key`;
    return rows.length > 0;
  }

  async function find<T>(id: string): Promise<T | undefined> {
    const row = await db.step_results.findUnique({ where: { key: id } });
    if (!row?.blob) return undefined;
    if ((await blobs.size(row.blob)) === undefined) {
      await db.step_results.updateMany({ where: { key: id, blob: row.blob }, data: { blob: null } });
      return undefined;
    }
    return JSON.parse((await blobs.read(row.blob)).toString('utf8')) as T;
  }

  const renew = (id: string, holder: string) =>
    db.$executeRaw`UPDATE step_results SET lease_until = now() + ${lease}::interval
                   WHERE key = ${id} AND lease_holder = ${holder}`;

  const release = (id: string, holder: string) =>
    db.$executeRaw`UPDATE step_results SET lease_until = now() WHERE key = ${id} AND lease_holder = ${holder}`;

  async function make<T extends object>(id: string, holder: string, produce: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => void renew(id, holder).catch(() => undefined), leaseMs / 3);
    try {
      const result = await produce();
      const blob = await blobs.put(JSON.stringify(result));
      await db.step_results.update({ where: { key: id }, data: { blob: blob.sha256, lease_holder: null } });
      return result;
    } catch (error) {
      // The produce error is the one to report; an unreleased lease runs out by itself.
      await release(id, holder).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  return async (key, { holder, signal }, produce) => {
    const id = keyOf(key);
    for (;;) {
      const found = await find<Awaited<ReturnType<typeof produce>>>(id);
      if (found) return found;
      if (await acquire(id, key, holder)) return make(id, holder, produce);
      await sleep(POLL_MS, undefined, { signal });
    }
  };
}
