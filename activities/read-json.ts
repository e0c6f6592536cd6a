import type { z } from 'zod';
import type { Blobs } from '../store/blobs';

/** A JSON blob, checked against its schema: what an older version wrote is refused, not misread. */
export async function readJson<Schema extends z.ZodType>(
  blobs: Blobs,
  sha256: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse((await blobs.read(sha256)).toString('utf8')));
}
