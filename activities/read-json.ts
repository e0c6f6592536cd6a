import type { z } from 'zod';
import type { Blobs } from '../store/blobs';
import { StepError } from './failures';

const again = 'Start the job again with force: true, so that everything is made anew';

/** What would be the same at every attempt is said once, as the step's failure. */
function explain(error: unknown): unknown {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'ZodError' || name === 'SyntaxError') {
    return new StepError('RESULT_UNREADABLE', 'An earlier result is not of the expected form', again);
  }
  if (code === 'ENOENT') {
    return new StepError('RESULT_LOST', 'An earlier result is no longer there', again);
  }
  return error;
}

/** A JSON blob, checked against its schema: what an older version wrote is refused, not misread. */
export async function readJson<Schema extends z.ZodType>(
  blobs: Blobs,
  sha256: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  try {
    return schema.parse(JSON.parse((await blobs.read(sha256)).toString('utf8')));
  } catch (error) {
    throw explain(error);
  }
}
