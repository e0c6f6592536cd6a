import type { RequestHandler } from 'express';
import { HttpError } from './errors';

/** Version 1 is what everybody gets who asks for JSON. */
const OURS = ['application/json', 'application/vnd.lm.v1+json'];

const EVENTS = 'text/event-stream';

export const answersJson: RequestHandler = function answersJsonMiddleware(req, _res, next) {
  if (req.accepts(OURS)) return next();
  if (req.path.endsWith('/events') && req.accepts(EVENTS)) return next();
  throw new HttpError(406, 'NOT_ACCEPTABLE', 'The answer is JSON, which the Accept header refuses', {
    hint: `Accept one of: ${OURS.join(', ')}`,
  });
};
