/** Who asks, and under which id: every route takes both from here. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Ids of a client are kept when they are short and plain, so that logs can be searched for them. */
const PLAIN_ID = /^[\w.:-]{1,128}$/;

export function requestContext({ userId }: { userId: string }): RequestHandler {
  return function requestContextMiddleware(req, res, next) {
    const given = req.get('x-request-id');
    res.locals['request_id'] = given && PLAIN_ID.test(given) ? given : randomUUID();
    res.locals['user_id'] = userId;
    res.set('X-Request-Id', String(res.locals['request_id']));
    next();
  };
}

export const userOf = (res: Response): string => String(res.locals['user_id']);
