/** Who asks. */
import type { Response } from 'express';
import type { Role, Tier } from '../../domain/access';
import { HttpError } from './errors';

export interface Principal {
  /** Absent for strangers. */
  readonly user_id?: string;
  readonly role: Role;
  readonly tier: Tier;
  /** The login that the access token belongs to. */
  readonly session_id?: string;
  /** The name of the service, also where it acts for a user. */
  readonly service?: string;
}

export const STRANGER: Principal = { role: 'anonymous', tier: 'free' };

export const principalOf = (res: Response): Principal =>
  (res.locals['principal'] as Principal | undefined) ?? STRANGER;

export function setPrincipal(res: Response, principal: Principal): void {
  res.locals['principal'] = principal;
}

/** The login and refresh routes say more; this one is for a route that was called without any. */
export const unauthorized = (code = 'UNAUTHORIZED', message = 'This needs an account'): HttpError =>
  new HttpError(401, code, message, {
    hint: 'Send Authorization: Bearer <access_token> of POST /api/auth/login, or refresh it',
  });

/** The user on whose behalf a request runs; rules let nobody come here without. */
export function userOf(res: Response): string {
  const { user_id } = principalOf(res);
  if (user_id === undefined) throw unauthorized();
  return user_id;
}
