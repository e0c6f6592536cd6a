/** What a client that asks again has, and whether it is still there. */
import type { Response } from 'express';
import { tagsOf } from '../http/etag';

/** The tags of `If-None-Match: "7", W/"8"` are revisions. */
export const knownRevisions = (header: string | undefined): number[] =>
  tagsOf(header)
    .filter((tag) => /^\d+$/.test(tag))
    .map(Number);

export function closedSignal(res: Response): AbortSignal {
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  return abort.signal;
}
