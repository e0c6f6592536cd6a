/** The id of a request: every answer and every log line carries it. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Ids of a client are kept when they are short and plain, so that logs can be searched for them. */
const PLAIN_ID = /^[\w.:-]{1,128}$/;

export const requestContext: RequestHandler = function requestContextMiddleware(req, res, next) {
  const given = req.get('x-request-id');
  res.locals['request_id'] = given && PLAIN_ID.test(given) ? given : randomUUID();
  res.set('X-Request-Id', String(res.locals['request_id']));
  next();
};
