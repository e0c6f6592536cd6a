/** The shape of every JSON answer. */
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { ErrorDetails } from './errors';
import { knows } from './etag';

const meta = (res: Response) => ({
  timestamp: new Date().toISOString(),
  request_id: String(res.locals['request_id']),
});

/** Whether a read would bring nothing new. What changes with every look is `no-store` and has no tag; some have tags of their own. */
function isUnchanged(res: Response, data: unknown): boolean {
  const { req } = res;
  if (!['GET', 'HEAD'].includes(req.method) || res.get('Cache-Control') === 'no-store') return false;
  res.vary('Authorization, Accept');
  if (res.get('ETag') !== undefined) return false;
  const tag = createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 22);
  res.set({ ETag: `"${tag}"`, 'Cache-Control': 'private, no-cache' });
  return knows(req.get('if-none-match'), tag);
}

/** Reads carry a tag of what is in them, and are not sent to whoever has it. */
export function ok(res: Response, data: unknown, status = 200): void {
  if (status === 200 && isUnchanged(res, data)) return void res.status(304).end();
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
