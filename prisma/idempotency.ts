/** Requests with an idempotency key: who does it, and what came of it. */
import type { Db } from './client';
import type { Prisma } from './generated/client';

/** A process that has not answered by then has died: the next one may do it. */
export const LEASE_S = 30;
/** Hours that an answer is given again. */
export const KEPT_H = 24;

export interface Claim {
  readonly id: string;
  readonly request: string;
  /** Of this attempt. */
  readonly holder: string;
}

export interface Remembered {
  readonly status: number;
  readonly data: unknown;
  readonly location: string | null;
}

export type Claimed =
  /**
   * Since when the key stands for this request: the same for one that goes on after a crash, which is `again`
   * and may find that the first did it.
   */
  | { readonly state: 'ours'; readonly since: Date; readonly again: boolean }
  /** Another attempt does it now. */
  | { readonly state: 'running' }
  /** The key was used for something else. */
  | { readonly state: 'another' }
  | { readonly state: 'done'; readonly answer: Remembered };

/** One of many at once gets it: when it is new, when its day is over, or when whoever had it has died. */
export async function claimKey(db: Db, { id, request, holder }: Claim): Promise<Claimed> {
  const [ours] = await db.$queryRaw<{ since: Date; again: boolean }[]>`
    INSERT INTO idempotency_keys AS kept (id, request, holder, lease_until)
    VALUES (${id}, ${request}, ${holder}::uuid, now() + make_interval(secs => ${LEASE_S}))
    ON CONFLICT (id) DO UPDATE SET
      request = excluded.request, holder = excluded.holder, lease_until = excluded.lease_until,
      status = NULL, data = NULL, location = NULL,
      created_at = CASE WHEN kept.created_at < now() - make_interval(hours => ${KEPT_H})
        THEN now() ELSE kept.created_at END
    WHERE kept.created_at < now() - make_interval(hours => ${KEPT_H})
      OR (kept.status IS NULL AND kept.lease_until < now() AND kept.request = excluded.request)
    RETURNING kept.created_at AS since, kept.created_at < now() - interval '1 second' AS again`;
  if (ours) return { state: 'ours', ...ours };
  const kept = await db.idempotency_keys.findUnique({ where: { id } });
  // It failed and was given back at this moment.
  if (!kept) return { state: 'running' };
  if (kept.request !== request) return { state: 'another' };
  const { status, data, location } = kept;
  return status === null ? { state: 'running' } : { state: 'done', answer: { status, data, location } };
}

/** False when the lease went to another attempt, whose answer then counts. */
export async function rememberAnswer(
  db: Db,
  { id, holder }: Claim,
  { status, data, location }: Remembered,
): Promise<boolean> {
  const { count } = await db.idempotency_keys.updateMany({
    where: { id, holder, status: null },
    data: { status, location, data: data as Prisma.InputJsonValue },
  });
  return count > 0;
}

/** What failed may be tried again under the same key. */
export async function giveBackKey(db: Db, { id, holder }: Claim): Promise<void> {
  await db.idempotency_keys.deleteMany({ where: { id, holder, status: null } });
}
