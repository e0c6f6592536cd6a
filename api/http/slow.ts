/** A body that drips keeps a connection and its handler busy: it must come at a pace. */
import type { Request, RequestHandler } from 'express';
import { HttpError } from './errors';

export interface Pace {
  /** For the first bytes, and for whoever falters now and then. */
  readonly graceMs: number;
  /** On average, after that. */
  readonly bytesPerS: number;
  readonly everyMs: number;
}

/** A quarter of what a line of the slowest kind of today gives; a lecture of 50 MB then takes three hours. */
const PACE: Pace = { graceMs: 30_000, bytesPerS: 4_096, everyMs: 1_000 };

const tooSlow = ({ bytesPerS }: Pace) =>
  new HttpError(408, 'TOO_SLOW', `The body came at less than ${bytesPerS} bytes a second`, {
    hint: 'Send it again over a better line; large files may be sent in parts',
  });

const hasBody = (req: Request): boolean =>
  req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;

/** Refuses what is too slow, and hangs up, since the rest of the body may come for hours. */
export const atAPace = (pace: Pace = PACE): RequestHandler =>
  function atAPaceMiddleware(req, res, next) {
    if (!hasBody(req)) return next();
    const { socket } = req;
    const [began, before] = [Date.now(), socket.bytesRead];
    const looking = setInterval(() => {
      const dueMs = Date.now() - began - pace.graceMs;
      if (req.complete) return clearInterval(looking);
      if (dueMs <= 0 || socket.bytesRead - before >= (dueMs / 1_000) * pace.bytesPerS) return;
      clearInterval(looking);
      res.set('Connection', 'close');
      res.once('finish', () => req.destroy());
      next(tooSlow(pace));
    }, pace.everyMs);
    res.once('close', () => {
      clearInterval(looking);
      // Answered before it was here: the rest may come for hours.
      if (!req.complete) setTimeout(() => void (req.complete || socket.destroy()), pace.graceMs).unref();
    });
    next();
  };
