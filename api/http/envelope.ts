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

export function fail(
  res: Response,
  status: number,
  error: { code: string; message: string; details: ErrorDetails },
): void {
  res.status(status).type('json').set('Cache-Control', 'no-store');
  res.json({ success: false, error, meta: meta(res) });
}
