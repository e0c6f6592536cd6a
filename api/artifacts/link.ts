/** Where the bytes of an artifact can be had, without us where the store allows it. */
import { z } from 'zod';
import type { Blobs } from '../../store/blobs';
import { disposition } from './disposition';

/** Long enough to begin; what has begun goes on. Whoever has the link needs no account. */
const OPEN_S = 15 * 60;

export const linkSchema = z.object({
  /** Absolute and signed, or the artifact's own `href`. */
  url: z.string(),
  /** None where the same rules hold as for every request. */
  expires_at: z.iso.datetime().nullable(),
});

export type Link = z.output<typeof linkSchema>;

interface Artifact {
  readonly id: string;
  readonly blob: string;
  readonly media_type: string;
  readonly file_name: string;
}

/** A browser that follows it keeps the file, and runs nothing of it. */
export async function linkTo(blobs: Blobs, { id, blob, media_type, file_name }: Artifact): Promise<Link> {
  if (!blobs.link) return { url: `/api/artifacts/${id}`, expires_at: null };
  const expires_at = new Date(Date.now() + OPEN_S * 1000).toISOString();
  const facts = { media_type, disposition: disposition(file_name), expires_s: OPEN_S };
  return { url: await blobs.link(blob, facts), expires_at };
}
