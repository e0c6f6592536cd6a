/** What users handed in: rows that point at blobs. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Request } from 'express';
import type { z } from 'zod';
import { removeUnusedBlobs, withBlob } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';
import { HttpError } from '../http/errors';
import { parse } from '../http/validate';
import { receiveUpload, type Limits, type Received } from './receive';
import { contentSchema, type Content, type UploadFields } from './schemas';

type Row = Awaited<ReturnType<Db['content']['findFirstOrThrow']>>;

export const toContent = (row: Row): Content =>
  contentSchema.parse({ ...row, bytes: Number(row.bytes), created_at: row.created_at.toISOString() });

const erasedMeanwhile = () =>
  new HttpError(503, 'UNAVAILABLE', 'The same file was erased at this moment', {
    hint: 'Send it again',
    retry_after_s: 1,
  });

interface Saving {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly owner_id: string;
}

function saveRow({ db, blobs, owner_id }: Saving, received: Received, fields: UploadFields): Promise<Row> {
  const { kind, media_type, bytes, sha256, file_name } = received;
  const { title = path.parse(file_name).name, language } = fields;
  const row = { owner_id, kind, media_type, bytes, file_name, language, blob: sha256, title };
  return withBlob(db, sha256, async (tx) => {
    if ((await blobs.size(sha256)) === undefined) throw erasedMeanwhile();
    return tx.content.create({ data: { id: randomUUID(), ...row } });
  });
}

/** Receives a file with its fields and writes its row; a file whose row cannot be written does not stay. */
export async function takeIn<Schema extends z.ZodType<UploadFields>>(
  req: Request,
  { db, uploads, owner_id }: { db: Db; uploads: Limits; owner_id: string },
  schema: Schema,
): Promise<{ row: Row; fields: z.output<Schema> }> {
  const { blobs } = uploads;
  const received = await receiveUpload(req, uploads);
  try {
    const fields = parse(schema, received.fields);
    return { row: await saveRow({ db, blobs, owner_id }, received, fields), fields };
  } catch (error) {
    await removeUnusedBlobs(db, [received.sha256], blobs.remove);
    throw error;
  }
}
