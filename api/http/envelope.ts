/** The shape of every JSON answer. */
import type { Response } from 'express';
import type { ErrorDetails } from './errors';

const meta = (res: Response) => ({
  timestamp: new Date().toISOString(),
  request_id: String(res.locals['request_id']),
});

export function ok(res: Response, data: unknown, status = 200): void {
  res.status(status).json({ success: true, data, meta: meta(res) });
}

/** Headers that a handler set for the answer it meant to give. */
const OF_THE_ANSWER = ['Content-Disposition', 'Content-Length', 'ETag', 'Accept-Ranges', 'Location'];

export function fail(
  res: Response,
  status: number,
  error: { code: string; message: string; details: ErrorDetails },
): void {
  for (const name of OF_THE_ANSWER) res.removeHeader(name);
  if (status !== 416) res.removeHeader('Content-Range');
  res.status(status).type('json').set('Cache-Control', 'no-store');
  res.json({ success: false, error, meta: meta(res) });
}
