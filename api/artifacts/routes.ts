import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';
import { ANY_TYPE } from '../http/accept';
import { endpoint, UNCHANGED, type Asked, type Routes } from '../http/endpoint';
import { HttpError, notFound } from '../http/errors';
import { ok } from '../http/envelope';
import { knows } from '../http/etag';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { disposition } from './disposition';
import { linkSchema, linkTo } from './link';
import { rangeOf, type ByteRange } from './range';

interface Deps {
  readonly db: Db;
  readonly blobs: Blobs;
}

const notInIt = (bytes: number) =>
  new HttpError(416, 'RANGE_NOT_SATISFIABLE', `The file has ${bytes} bytes`, {
    hint: 'Ask for a range inside it',
  });

/** A range of another version is no range of this one (`If-Range`). */
function askedRange(req: Request, tag: string, bytes: number): ByteRange | undefined {
  const ifRange = req.get('if-range');
  if (req.method !== 'GET' || (ifRange !== undefined && ifRange !== tag)) return undefined;
  const range = rangeOf(req.get('range'), bytes);
  if (range !== 'unsatisfiable') return range;
  req.res?.set('Content-Range', `bytes */${bytes}`);
  throw notInIt(bytes);
}

async function send(res: Response, blobs: Blobs, blob: string, range: ByteRange): Promise<void> {
  const bytes = range.end - range.start + 1;
  res.set('Content-Length', String(bytes));
  if (res.req.method === 'HEAD' || bytes === 0) return void res.end();
  await pipeline(blobs.stream(blob, range), res);
}

/** Found out later, in the middle of the stream, missing bytes could only be a broken connection. */
async function mustHave(blobs: Blobs, { id, blob }: { id: string; blob: string }): Promise<void> {
  if ((await blobs.size(blob)) === undefined) throw new Error(`The bytes of artifact ${id} are lost`);
}

async function findOwn({ req, res }: Asked<unknown, unknown>, { db, blobs }: Deps) {
  const where = { id: idOf(req, 'artifact'), owner_id: userOf(res) };
  const row = await db.artifacts.findFirst({ where });
  if (!row) throw notFound('artifact');
  await mustHave(blobs, row);
  return row;
}

async function sendArtifact(asked: Asked<unknown, unknown>, deps: Deps): Promise<void> {
  const row = await findOwn(asked, deps);
  const { req, res } = asked;
  const bytes = Number(row.bytes);
  const tag = `"${row.blob}"`;
  const range = askedRange(req, tag, bytes);
  res.set({
    'Content-Type': row.media_type,
    'Content-Disposition': disposition(row.file_name),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-cache',
    ETag: tag,
  });
  if (knows(req.get('if-none-match'), row.blob)) return void res.status(304).end();
  if (range) res.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${bytes}`);
  await send(res, deps.blobs, row.blob, range ?? { start: 0, end: bytes - 1 });
}

export const artifactRoutes = (deps: Deps): Routes => ({
  '/:id': {
    get: endpoint({
      summary: 'The bytes of an artifact',
      rule: ['artifact', 'read'],
      answers: {
        200: { description: 'All of it', media_type: ANY_TYPE },
        206: { description: 'The range that was asked for', media_type: ANY_TYPE },
        ...UNCHANGED,
      },
      handle: (asked) => sendArtifact(asked, deps),
    }),
  },
  '/:id/link': {
    get: endpoint({
      summary: 'Where the bytes of an artifact can be had for a while',
      rule: ['artifact', 'read'],
      answers: { 200: { description: 'A URL, and until when it opens', data: linkSchema } },
      async handle(asked) {
        const link = await linkTo(deps.blobs, await findOwn(asked, deps));
        // It opens the file to whoever has it, and each is another.
        asked.res.set('Cache-Control', 'no-store');
        ok(asked.res, link);
      },
    }),
  },
});
