import { pipeline } from 'node:stream/promises';
import { Router, type Response } from 'express';
import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';
import { HttpError, notFound } from '../http/errors';
import { userOf } from '../http/request-context';
import { idOf } from '../http/validate';

/** One range is served; several at once are answered with everything, as RFC 9110 allows. */
function rangeOf(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end };
}

/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
function disposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, escape)}`;
}

async function sendRange(
  res: Response,
  blobs: Blobs,
  blob: string,
  bytes: number,
  header: string | undefined,
) {
  const range = rangeOf(header, bytes);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${bytes}`);
    throw new HttpError(416, 'RANGE_NOT_SATISFIABLE', `The file has ${bytes} bytes`, {
      hint: 'Ask for a range inside it',
    });
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  if (range) res.status(206).set('Content-Range', `bytes ${start}-${end}/${bytes}`);
  res.set('Content-Length', String(Math.max(0, end - start + 1)));
  if (res.req.method === 'HEAD' || bytes === 0) return void res.end();
  await pipeline(blobs.stream(blob, { start, end }), res);
}

export function artifactRoutes({ db, blobs }: { db: Db; blobs: Blobs }): Router {
  const router = Router();

  router.get('/:id', async (req, res) => {
    const row = await db.artifacts.findFirst({ where: { id: idOf(req, 'artifact'), owner_id: userOf(res) } });
    if (!row) throw notFound('artifact');
    const tag = `"${row.blob}"`;
    res.set({
      'Content-Type': row.media_type,
      'Content-Disposition': disposition(row.file_name),
      'Accept-Ranges': 'bytes',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=3600',
      ETag: tag,
    });
    if (req.get('if-none-match') === tag) return void res.status(304).end();
    await sendRange(res, blobs, row.blob, Number(row.bytes), req.get('range'));
  });

  return router;
}
