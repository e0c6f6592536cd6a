/** What users handed in: rows that point at blobs. */
import path from 'node:path';
import { withBlob } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';
import { HttpError } from '../http/errors';
import type { Received } from './receive';
import { contentSchema, type Content, type UploadFields } from './schemas';

export type Row = Awaited<ReturnType<Db['content']['findFirstOrThrow']>>;

export const toContent = (row: Row): Content =>
  contentSchema.parse({ ...row, bytes: Number(row.bytes), created_at: row.created_at.toISOString() });

const erasedMeanwhile = () =>
  new HttpError(503, 'UNAVAILABLE', 'The same file was erased at this moment', {
    hint: 'Send it again',
    retry_after_s: 1,
  });

/** What the system says of a file that was there a moment ago. */
export const isGone = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';

/** For whoever reads a blob whose row is not written yet. */
export function unlessErased(error: unknown): never {
  throw isGone(error) ? erasedMeanwhile() : error;
}

interface Saving {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly owner_id: string;
  readonly id: string;
}

/** Writes the row of an upload; one that is there already, of the same request before a crash, is given as it is. */
export function saveContent(
  { db, blobs, owner_id, id }: Saving,
  { kind, media_type, bytes, sha256, file_name }: Received,
  { title = path.parse(file_name).name, language }: UploadFields,
): Promise<Row> {
  const row = { id, owner_id, kind, media_type, bytes, file_name, language, blob: sha256, title };
  return withBlob(db, sha256, async (tx) => {
    if ((await blobs.size(sha256)) === undefined) throw erasedMeanwhile();
    return (await tx.content.findUnique({ where: { id, owner_id } })) ?? tx.content.create({ data: row });
  });
}
