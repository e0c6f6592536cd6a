/** The rows behind the step cache: who makes a result now, and where finished ones lie. */
import { setTimeout as sleep } from 'node:timers/promises';
import { blobsNamedIn } from '../domain/step-result';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';

export interface StepResults {
  /** The finished result, if it and every blob it names are still there. */
  find<T extends object>(id: string): Promise<T | undefined>;
  /** True when the lease is `holder`'s now; a later attempt of the same holder takes it at once. */
  acquire(id: string, row: { owner_id: string; step: string }, holder: string): Promise<boolean>;
  renew(id: string, holder: string): Promise<unknown>;
  release(id: string, holder: string): Promise<unknown>;
  /** Waits for a database that is away: what was made and paid for is not made again because of it. */
  keep(id: string, result: object, signal: AbortSignal): Promise<void>;
}

const KEEP_EVERY_MS = 1_000;
const KEEP_ATTEMPTS = 60;

export function createStepResults({ db, blobs }: { db: Db; blobs: Blobs }, leaseMs: number): StepResults {
  const lease = `${leaseMs} milliseconds`;

  /** A result is only as good as the bytes it names. */
  async function readWhole<T extends object>(blob: string): Promise<T | undefined> {
    if ((await blobs.size(blob)) === undefined) return undefined;
    const result = JSON.parse((await blobs.read(blob)).toString('utf8')) as T;
    const sizes = await Promise.all(blobsNamedIn(result).map((name) => blobs.size(name)));
    return sizes.includes(undefined) ? undefined : result;
  }

  return {
    async find<T extends object>(id: string) {
      const row = await db.step_results.findUnique({ where: { key: id } });
      if (!row?.blob) return undefined;
      const result = await readWhole<T>(row.blob);
      if (result) return result;
      await db.step_results.updateMany({
        where: { key: id, blob: row.blob },
        data: { blob: null, lease_until: new Date(0) },
      });
      return undefined;
    },

    async acquire(id, { owner_id, step }, holder) {
      const rows = await db.$queryRaw<{ key: string }[]>`
        INSERT INTO step_results (key, owner_id, step, lease_holder, lease_until)
        VALUES (${id}, ${owner_id}::uuid, ${step}, ${holder}, now() + ${lease}::interval)
        ON CONFLICT (key) DO UPDATE SET lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
        WHERE step_results.blob IS NULL
          AND (step_results.lease_until < now() OR step_results.lease_holder = excluded.lease_holder)
        RETURNING key`;
      return rows.length > 0;
    },

    renew: (id, holder) =>
      db.$executeRaw`UPDATE step_results SET lease_until = now() + ${lease}::interval
                     WHERE key = ${id} AND lease_holder = ${holder}`,

    release: (id, holder) =>
      db.$executeRaw`UPDATE step_results SET lease_until = now() WHERE key = ${id} AND lease_holder = ${holder}`,

    async keep(id, result, signal) {
      const { sha256: blob } = await blobs.put(JSON.stringify(result));
      const data = { blob, lease_holder: null };
      for (let left = KEEP_ATTEMPTS; ; left--) {
        try {
          // None is there when it was erased meanwhile.
          await db.step_results.updateMany({ where: { key: id }, data });
          return;
        } catch (error) {
          if (left === 0) throw error;
          await sleep(KEEP_EVERY_MS, undefined, { signal });
        }
      }
    },
  };
}
