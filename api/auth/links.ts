/** Links in mails: a signed token that is good for one purpose, once, and for a while. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../prisma/client';
import { HttpError } from '../http/errors';
import type { Tokens } from './tokens';

export type Purpose = 'verify_email' | 'reset_password';

/** Seconds. */
const LIFETIME_S: Record<Purpose, number> = { verify_email: 24 * 3600, reset_password: 3600 };

const spent = () =>
  new HttpError(422, 'LINK_INVALID', 'The link is not valid, was used, or has expired', {
    ...{ field: 'token', hint: 'Ask for a new one' },
  });

export interface Links {
  make(user_id: string, purpose: Purpose): Promise<string>;
  /** The user whom the link was sent to; it is good no more, nor are others of its purpose. */
  use(token: string, purpose: Purpose): Promise<string>;
}

export const createLinks = (db: Db, tokens: Tokens): Links => ({
  async make(user_id, purpose) {
    const id = randomUUID();
    await db.mail_links.create({ data: { id, user_id, purpose } });
    return tokens.sign(purpose, { user_id, id }, LIFETIME_S[purpose]);
  },

  async use(token, purpose) {
    const claims = await tokens.verify(purpose, token);
    if (!claims) throw spent();
    const { id, user_id } = claims;
    const used_at = new Date();
    const taken = await db.mail_links.updateMany({ where: { id, used_at: null }, data: { used_at } });
    if (taken.count === 0) throw spent();
    await db.mail_links.updateMany({ where: { user_id, purpose, used_at: null }, data: { used_at } });
    return user_id;
  },
});
