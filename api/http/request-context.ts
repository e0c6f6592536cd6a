/** The id of a request and its trace: every answer and every log line carries them. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Ids of a client are kept when they are short and plain, so that logs can be searched for them. */
const PLAIN_ID = /^[\w.:-]{1,128}$/;

/** version, trace, caller, flags (https://www.w3.org/TR/trace-context/#traceparent-header); zeros are none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Ours in the caller's trace; a trace of our own where there is none. */
export function continueTrace(given: string | undefined): string {
  const [, trace = randomBytes(16).toString('hex'), flags = '00'] = TRACEPARENT.exec(given ?? '') ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}

export const requestContext: RequestHandler = function requestContextMiddleware(req, res, next) {
  const given = req.get('x-request-id');
  res.locals['request_id'] = given && PLAIN_ID.test(given) ? given : randomUUID();
  res.set('X-Request-Id', String(res.locals['request_id']));
  res.set('traceparent', continueTrace(req.get('traceparent')));
  next();
};
