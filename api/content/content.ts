/** What users handed in: rows that point at blobs. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Db } from '../../prisma/client';
import { parse } from '../http/validate';
import type { Received } from './receive';
import { contentSchema, uploadFieldsSchema, type Content } from './schemas';

type Row = Awaited<ReturnType<Db['content']['findFirstOrThrow']>>;

export const toContent = (row: Row): Content =>
  contentSchema.parse({ ...row, bytes: Number(row.bytes), created_at: row.created_at.toISOString() });

export async function saveContent(db: Db, owner_id: string, received: Received): Promise<Row> {
  const { title, language } = parse(uploadFieldsSchema, received.fields);
  const { kind, media_type, bytes, sha256, file_name } = received;
  const name = path.parse(file_name).name;
  const row = { owner_id, kind, media_type, bytes, file_name, language, blob: sha256, title: title ?? name };
  return db.content.create({ data: { id: randomUUID(), ...row } });
}
