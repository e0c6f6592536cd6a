/** Finds out who asks. A token that is no good makes a stranger, who is counted as one and then refused. */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { HttpError } from '../http/errors';
import { setPrincipal, unauthorized, type Principal } from '../http/principal';
import type { Audit } from './events';
import type { Principals } from './principals';

const BEARER = /^Bearer +(\S+) *$/i;
const ACT_FOR = 'x-on-behalf-of';
const READS = ['GET', 'HEAD', 'OPTIONS'];

interface Deps {
  readonly principals: Principals;
  readonly audit: Audit;
}

const badToken = () =>
  unauthorized('INVALID_TOKEN', 'The access token is not valid, has expired, or its session was ended');

async function actFor(req: Request, asker: Principal, { principals }: Deps): Promise<Principal> {
  const user_id = req.get(ACT_FOR);
  if (user_id === undefined) return asker;
  if (!asker.service)
    throw new HttpError(403, 'FORBIDDEN', 'Only services act for others', { hint: `Leave out ${ACT_FOR}` });
  if (!z.uuid().safeParse(user_id).success || !(await principals.isUser(user_id)))
    throw new HttpError(422, 'INVALID_INPUT', `${ACT_FOR}: there is no such user`, {
      ...{ field: ACT_FOR, hint: 'Send the id of a user' },
    });
  return { ...asker, user_id };
}

/** Only notes what is wrong; `refuse` says it, so that what lies between can count the attempt. */
export const identify = (deps: Deps): RequestHandler =>
  async function identifyMiddleware(req, res, next) {
    const header = req.get('authorization');
    if (header === undefined) return next();
    const [, token] = BEARER.exec(header) ?? [];
    const found = token === undefined ? undefined : await deps.principals.ofToken(token);
    if (found) setPrincipal(res, found);
    else res.locals['refused'] = badToken();
    next();
  };

export const refuse = (deps: Deps): RequestHandler =>
  async function refuseMiddleware(req, res, next) {
    const refused = res.locals['refused'] as HttpError | undefined;
    if (refused) {
      res.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      throw refused;
    }
    await lend(req, res, deps);
    next();
  };

/** A service that acts for a user is that user from here on, and what it changes is written down. */
async function lend(req: Request, res: Response, deps: Deps): Promise<void> {
  const asker = res.locals['principal'] as Principal | undefined;
  const acting = asker && (await actFor(req, asker, deps));
  if (!acting || acting === asker) return;
  setPrincipal(res, acting);
  if (READS.includes(req.method)) return;
  const details = { method: req.method, path: req.path };
  await deps.audit('acted_for', req, { user_id: acting.user_id, details });
}
