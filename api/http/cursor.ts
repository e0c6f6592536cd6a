/** Pages by cursor: newest first, stable while rows are added. */
import { z } from 'zod';
import { HttpError } from './errors';

export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().optional(),
});

/** The schema of a page's `data`. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

interface Position {
  readonly created_at: Date;
  readonly id: string;
}

/** PostgreSQL has no year 0, and nothing of ours is older than 1970. */
const positionSchema = z.tuple([z.iso.datetime().refine((text) => Date.parse(text) >= 0), z.uuid()]);

const encode = ({ created_at, id }: Position): string =>
  Buffer.from(JSON.stringify([created_at.toISOString(), id])).toString('base64url');

function decode(cursor: string): Position {
  try {
    const [created_at, id] = positionSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { created_at: new Date(created_at), id };
  } catch (cause) {
    const hint = 'Use next_cursor of the previous page as it is, or leave it out';
    throw Object.assign(
      new HttpError(422, 'INVALID_INPUT', 'cursor: not one of ours', { field: 'cursor', hint }),
      { cause },
    );
  }
}

/** Prisma's filter for the rows after a cursor; ask for one row more than the page holds. */
export function afterCursor(cursor: string | undefined) {
  if (!cursor) return {};
  const { created_at, id } = decode(cursor);
  return { OR: [{ created_at: { lt: created_at } }, { created_at, id: { lt: id } }] };
}

export const NEWEST_FIRST = [{ created_at: 'desc' as const }, { id: 'desc' as const }];

export function toPage<Row extends Position>(rows: readonly Row[], limit: number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? encode(last) : null };
}
