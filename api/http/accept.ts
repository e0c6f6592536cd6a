import type { RequestHandler } from 'express';
import type { Endpoint } from './endpoint';
import { HttpError } from './errors';

/** Version 1 is what everybody gets who asks for JSON. */
const OURS = ['application/json', 'application/vnd.lm.v1+json'];

/** Files have types of their own, and are given to whoever asks for one. */
export const ANY_TYPE = '*/*';

/** 406 when the `Accept` header wants nothing of what the endpoint answers. */
export function answersIn({ answers }: Endpoint): RequestHandler {
  const others = Object.values(answers).flatMap(({ media_type }) => media_type ?? []);
  const offered = [...OURS, ...others];
  return function acceptMiddleware(req, _res, next) {
    if (others.includes(ANY_TYPE) || req.accepts(offered)) return next();
    throw new HttpError(406, 'NOT_ACCEPTABLE', 'The Accept header refuses every type of the answer', {
      hint: `Accept one of: ${offered.join(', ')}`,
    });
  };
}
