/** Logins: a session per device, kept alive by refresh tokens of which each is good for one use. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Db } from '../../prisma/client';

const DAY_MS = 24 * 3_600_000;
/** From the last refresh. */
const IDLE_MS = 30 * DAY_MS;
const TOKEN_BYTES = 32;

export type EndReason = 'logout' | 'logout_all' | 'ended' | 'reuse' | 'password';

export interface Device {
  readonly user_agent?: string;
  readonly address?: string;
}

export interface Opened {
  readonly session_id: string;
  readonly user_id: string;
  /** Shown once; only its hash is kept. */
  readonly refresh_token: string;
}

export type Refreshed =
  | (Opened & { readonly outcome: 'refreshed' })
  | { readonly outcome: 'reused'; readonly session_id: string; readonly user_id: string }
  | { readonly outcome: 'unknown' };

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const newToken = (): string => `lmr_${randomBytes(TOKEN_BYTES).toString('base64url')}`;

export async function openSession(db: Db, user_id: string, device: Device): Promise<Opened> {
  const refresh_token = newToken();
  const { id } = await db.sessions.create({
    data: {
      ...{ id: randomUUID(), user_id, expires_at: new Date(Date.now() + IDLE_MS), ...shortened(device) },
      refresh_tokens: { create: { hash: hashOf(refresh_token) } },
    },
  });
  return { session_id: id, user_id, refresh_token };
}

const shortened = ({ user_agent, address }: Device): Device => ({
  address,
  user_agent: user_agent?.slice(0, 300),
});

/** The old token is used up and the next one made in one transaction: of two that come at once, one wins. */
export async function refreshSession(db: Db, token: string): Promise<Refreshed> {
  const hash = hashOf(token);
  return db.$transaction(async (tx) => {
    const kept = await tx.refresh_tokens.findUnique({ where: { hash }, include: { session: true } });
    if (!kept || kept.session.ended_at || kept.session.expires_at < new Date()) return { outcome: 'unknown' };
    const { session_id, session } = kept;
    const now = new Date();
    const used = await tx.refresh_tokens.updateMany({
      where: { hash, used_at: null },
      data: { used_at: now },
    });
    if (used.count === 0) return { outcome: 'reused', session_id, user_id: session.user_id };
    const refresh_token = newToken();
    await tx.refresh_tokens.create({ data: { hash: hashOf(refresh_token), session_id } });
    const expires_at = new Date(now.getTime() + IDLE_MS);
    await tx.sessions.update({ where: { id: session_id }, data: { last_used_at: now, expires_at } });
    return { outcome: 'refreshed', session_id, user_id: session.user_id, refresh_token };
  });
}

/** Ends those of a user that are open, or some of them; gives the ids of what it ended. */
export async function endSessions(
  db: Pick<Db, 'sessions'>,
  where: { readonly user_id: string; readonly id?: string | { readonly not: string | undefined } },
  end_reason: EndReason,
): Promise<string[]> {
  const ended = await db.sessions.updateManyAndReturn({
    where: { ...where, ended_at: null },
    data: { ended_at: new Date(), end_reason },
    select: { id: true },
  });
  return ended.map(({ id }) => id);
}

/** The session that a refresh token belongs to, whether or not it was used. */
export async function findByRefreshToken(db: Db, token: string) {
  const kept = await db.refresh_tokens.findUnique({
    where: { hash: hashOf(token) },
    select: { session: { select: { id: true, user_id: true } } },
  });
  return kept?.session;
}
