import type { Readable } from 'node:stream';
import type { ArtifactKind } from '../domain/artifact';
import { retentionOf } from '../domain/retention';
import { withBlob } from '../prisma/blobs';
import type { Db } from '../prisma/client';
import { uuidOf } from '../prisma/ids';
import type { Blobs } from '../store/blobs';

export interface NewArtifact {
  readonly job_id: string;
  readonly owner_id: string;
  readonly content_id?: string;
  readonly kind: ArtifactKind;
  /** Order among the job's artifacts of this kind. */
  readonly position?: number;
  readonly media_type: string;
  readonly file_name: string;
  readonly language?: string;
  readonly metadata?: Record<string, string | number | boolean | null>;
}

export interface SavedArtifact {
  readonly id: string;
  /** SHA-256 of the bytes. */
  readonly blob: string;
}

/**
 * Bytes first, row last: a row never points at nothing, and a second run leaves the same set.
 * A term begins anew; the upkeep sets it.
 */
export async function saveArtifact(
  { db, blobs }: { db: Db; blobs: Blobs },
  artifact: NewArtifact,
  data: Readable | Uint8Array | string,
): Promise<SavedArtifact> {
  const { sha256, bytes } = await blobs.put(data);
  const { job_id, kind, position = 0, metadata = {}, ...facts } = artifact;
  const id = uuidOf('artifact', job_id, kind, position);
  const term = { retention: retentionOf[kind], expires_at: null };
  const row = { ...facts, ...term, job_id, kind, position, metadata, blob: sha256, bytes };
  await withBlob(db, sha256, async (tx) => {
    // Somebody else's last row about it went between our two steps; the next attempt writes it again.
    if ((await blobs.size(sha256)) === undefined) throw new Error(`Blob ${sha256} was removed meanwhile`);
    await tx.artifacts.upsert({ where: { id }, create: { id, ...row }, update: row });
  });
  return { id, blob: sha256 };
}
