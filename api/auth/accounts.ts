/** Accounts: registering, logging in, changing and recovering what opens them. */
import type { Request } from 'express';
import type { z } from 'zod';
import type { Db } from '../../prisma/client';
import type { Cache } from '../../store/cache';
import { HttpError } from '../http/errors';
import { unauthorized } from '../http/principal';
import type { Audit } from './events';
import type { Links } from './links';
import type { Mailer } from './mail';
import { hashPassword, isPassword } from './passwords';
import { sessionKey, userKey } from './principals';
import type * as schemas from './schemas';
import { endSessions, type EndReason } from './sessions';
import type { Throttle } from './throttle';

export interface AccountDeps {
  readonly db: Db;
  readonly cache: Cache;
  readonly links: Links;
  readonly mailer: Mailer;
  readonly throttle: Throttle;
  readonly audit: Audit;
}

export type UserRow = Awaited<ReturnType<Db['users']['findUniqueOrThrow']>>;

export const toUser = (row: UserRow): schemas.User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role as schemas.User['role'],
  tier: row.tier as schemas.User['tier'],
  time_zone: row.time_zone,
  email_verified: row.email_verified_at !== null,
  created_at: row.created_at.toISOString(),
});

/** Seconds; whoever writes an account drops it. */
const CACHED_S = 3_600;

/** As `GET /api/auth/me` shows it; undefined where there is none. */
export const readUser = ({ db, cache }: Pick<AccountDeps, 'db' | 'cache'>, id: string) =>
  cache.read(userKey(id), CACHED_S, async () => {
    const row = await db.users.findUnique({ where: { id } });
    return row ? toUser(row) : undefined;
  });

type Change = Partial<Pick<UserRow, 'name' | 'time_zone' | 'email_verified_at' | 'password_hash'>>;

/** The database first, then every process's memory of it. */
export async function changeUser({ db, cache }: AccountDeps, id: string, data: Change): Promise<UserRow> {
  const row = await db.users.update({ where: { id }, data });
  await cache.drop(userKey(id));
  return row;
}

/** Prisma's code for a value that a unique column has already. */
const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'P2002';

/** One that is there already, of the same request before a crash, is given as it is. */
export async function register(
  { db, audit }: AccountDeps,
  req: Request,
  id: string,
  { email, password, name, time_zone }: z.output<typeof schemas.registerSchema>,
): Promise<UserRow> {
  const found = await db.users.findUnique({ where: { id, email } });
  if (found) return found;
  const password_hash = await hashPassword(password);
  try {
    const row = await db.users.create({ data: { id, email, name, time_zone, password_hash } });
    await audit('registered', req, { user_id: row.id });
    return row;
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new HttpError(409, 'EMAIL_TAKEN', 'There is an account with this e-mail address', {
      ...{ field: 'email', hint: 'Log in, or reset the password' },
    });
  }
}

/** The same answer, in the same time, for a wrong password and for an account that does not exist. */
export async function checkLogin(
  { db, throttle, audit }: AccountDeps,
  req: Request,
  { email, password }: z.output<typeof schemas.loginSchema>,
): Promise<UserRow> {
  await throttle.attempt(email, req.ip ?? '').catch(async (error: unknown) => {
    await audit('login_slowed', req);
    throw error;
  });
  const row = await db.users.findUnique({ where: { email } });
  if (!(await isPassword(row?.password_hash, password)) || !row) {
    await audit('login_failed', req, { user_id: row?.id });
    throw unauthorized('WRONG_CREDENTIALS', 'E-mail address or password is wrong');
  }
  await throttle.succeeded(email);
  return row;
}

/** Sessions that end are gone for every process before the answer leaves. */
export async function closeSessions(
  { db, cache }: AccountDeps,
  where: Parameters<typeof endSessions>[1],
  reason: EndReason,
): Promise<number> {
  const ended = await endSessions(db, where, reason);
  await cache.drop(...ended.map(sessionKey));
  return ended.length;
}

/** Other devices are logged out: whoever changes a password may do so because it became known. */
export async function changePassword(
  deps: AccountDeps,
  req: Request,
  asker: { readonly user_id: string; readonly session_id?: string },
  { current_password, new_password }: z.output<typeof schemas.changePasswordSchema>,
): Promise<void> {
  const { user_id, session_id } = asker;
  const row = await deps.db.users.findUniqueOrThrow({ where: { id: user_id } });
  await deps.throttle.attempt(row.email, req.ip ?? '');
  if (!(await isPassword(row.password_hash, current_password)))
    throw new HttpError(403, 'WRONG_PASSWORD', 'The current password is wrong', {
      ...{ field: 'current_password', hint: 'Log out and reset it if it is forgotten' },
    });
  await deps.throttle.succeeded(row.email);
  await changeUser(deps, user_id, { password_hash: await hashPassword(new_password) });
  await closeSessions(deps, { user_id, id: { not: session_id } }, 'password');
  await deps.audit('password_changed', req, { user_id });
}

const VERIFY = {
  subject: 'Confirm your e-mail address',
  lead: 'Send this token to POST /api/auth/verify-email to confirm your address; it is good for a day:',
};
const RESET = {
  subject: 'Reset your password',
  lead: 'Send this token with a new password to POST /api/auth/reset-password; it is good for an hour:',
};

export async function mailVerification({ links, mailer }: AccountDeps, user: UserRow): Promise<void> {
  const token = await links.make(user.id, 'verify_email');
  const text = `${VERIFY.lead}\n\n${token}\n\nIf you did not register, ignore this mail.\n`;
  await mailer.send({ recipient: user.email, subject: VERIFY.subject, text });
}

/** Says nothing to whoever asks; only who reads the mail learns that there is an account. */
export async function mailReset({ db, links, mailer }: AccountDeps, email: string): Promise<void> {
  const user = await db.users.findUnique({ where: { email } });
  if (user?.password_hash == null) return;
  const token = await links.make(user.id, 'reset_password');
  const text = `${RESET.lead}\n\n${token}\n\nIf you did not ask for this, ignore this mail.\n`;
  await mailer.send({ recipient: email, subject: RESET.subject, text });
}

export async function verifyEmail(deps: AccountDeps, req: Request, token: string): Promise<void> {
  const user_id = await deps.links.use(token, 'verify_email');
  await changeUser(deps, user_id, { email_verified_at: new Date() });
  await deps.audit('email_verified', req, { user_id });
}

/** Whoever reads the user's mail owns the address too. */
export async function resetPassword(
  deps: AccountDeps,
  req: Request,
  { token, new_password }: z.output<typeof schemas.resetSchema>,
): Promise<void> {
  const user_id = await deps.links.use(token, 'reset_password');
  const password_hash = await hashPassword(new_password);
  const { email_verified_at } = await changeUser(deps, user_id, { password_hash });
  if (!email_verified_at) await changeUser(deps, user_id, { email_verified_at: new Date() });
  await closeSessions(deps, { user_id }, 'password');
  await deps.audit('password_reset', req, { user_id });
}
