import type { Db } from '../prisma/client';
import { StepError } from './failures';

/** The owner's content row; it may have been deleted since the job was accepted. */
export async function findSource(db: Db, owner_id: string, source_id: string) {
  const source = await db.content.findFirst({ where: { id: source_id, owner_id } });
  if (!source)
    throw new StepError('SOURCE_GONE', 'The source was deleted', 'Upload it again and start a new job');
  return source;
}
