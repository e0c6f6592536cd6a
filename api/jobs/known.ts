/** What a client that asks again has, and whether it is still there. */
import type { Response } from 'express';
import { tagsOf } from '../http/etag';

/** The tags of `If-None-Match: "7", W/"8"` are revisions. */
export const knownRevisions = (header: string | undefined): number[] =>
  tagsOf(header)
    .filter((tag) => /^\d+$/.test(tag))
    .map(Number);

/** Aborts when the client has gone, or we are about to. */
export function endOfWait(res: Response, stopping: AbortSignal): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  // Who has gone already is not heard to go.
  if (stopping.aborted || res.destroyed) {
    end();
    return ending.signal;
  }
  stopping.addEventListener('abort', end);
  res.once('close', () => {
    stopping.removeEventListener('abort', end);
    end();
  });
  return ending.signal;
}
