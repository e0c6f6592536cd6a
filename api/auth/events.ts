/** The log of security events: who came in, who was refused, what was changed. Rows outlive the user. */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Db } from '../../prisma/client';
import { principalOf } from '../http/principal';

export type SecurityEvent =
  | 'registered'
  | 'logged_in'
  | 'login_failed'
  | 'login_slowed'
  | 'logged_out'
  | 'refresh_reused'
  | 'session_ended'
  | 'password_changed'
  | 'password_reset'
  | 'email_verified'
  | 'acted_for';

interface Told {
  readonly user_id?: string;
  readonly actor?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** Written before the answer leaves: an event that cannot be written fails the request. */
export type Audit = (kind: SecurityEvent, asked: Request, told?: Told) => Promise<void>;

export const createAudit =
  (db: Db): Audit =>
  async (kind, req, { user_id, actor, details = {} } = {}) => {
    const { service } = principalOf(req.res as Response);
    const address = req.ip ?? null;
    await db.security_events.create({
      data: { id: randomUUID(), kind, user_id, actor: actor ?? service, address, details },
    });
  };
