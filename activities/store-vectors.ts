import { passagesSchema, type Passage } from '../domain/passage';
import type { Db } from '../prisma/client';
import { uuidOf } from '../prisma/ids';
import type { Blobs } from '../store/blobs';
import { LIVE_COLLECTION, type VectorRecord, type Vectors } from '../store/vectors';
import { StepError } from './failures';
import { readJson } from './read-json';

export interface StoreVectorsInput {
  readonly owner_id: string;
  readonly source_id: string;
  /** Passages of a transcript know their seconds and belong to the transcription; those of a text to the content. */
  readonly of: 'transcript' | 'text';
  readonly passages: string;
  readonly vectors: string;
  readonly dimension: number;
  readonly model: string;
}

function toVectors(bytes: Buffer, dimension: number): number[][] {
  const rows = bytes.length / 4 / dimension;
  return Array.from({ length: rows }, (_row, row) =>
    Array.from({ length: dimension }, (_value, column) => bytes.readFloatLE((row * dimension + column) * 4)),
  );
}

/** The first passage has the content's own id, as a client of the seed expects. */
const vectorId = (content_id: string, index: number): string =>
  index === 0 ? content_id : `${content_id}#${index}`;

function recordOf(
  input: StoreVectorsInput,
  passage: Passage,
  index: number,
  vector: readonly number[],
): VectorRecord {
  const { owner_id: owner, source_id: content_id, of: kind } = input;
  const { start_s, end_s, text } = passage;
  const seconds: Record<string, number> =
    start_s === undefined || end_s === undefined ? {} : { start_s, end_s };
  const metadata = { owner, content_id, kind, passage_id: passage.id, ...seconds };
  return { id: vectorId(content_id, index), vector, text, metadata };
}

/** The first model to write claims the collection; another one's vectors must not meet with its own. */
async function claimCollection(db: Db, model: string, dimension: number): Promise<void> {
  const claim = { name: LIVE_COLLECTION, model, dimension };
  await db.vector_collections.createMany({ data: [claim], skipDuplicates: true });
  const held = await db.vector_collections.findUniqueOrThrow({ where: { name: LIVE_COLLECTION } });
  if (held.model === model && held.dimension === dimension) return;
  throw new StepError(
    'EMBEDDING_MODEL_MISMATCH',
    `The collection holds vectors of ${held.model}, and this worker embeds with ${model}`,
    'Set EMBEDDING_PROVIDERS back, or embed everything anew',
  );
}

/** Rows of one source are exchanged as a whole. */
async function saveRows(db: Db, input: StoreVectorsInput, passages: readonly Passage[]): Promise<void> {
  const { source_id: content_id, model, dimension } = input;
  const rows = passages.map(({ id, text, start_s, end_s }, index) => ({
    row: { vector_id: vectorId(content_id, index), passage_id: id, text, model, dimension },
    seconds: { start_s, end_s },
  }));
  if (input.of === 'text') {
    await db.$transaction([
      db.content_vectors.deleteMany({ where: { content_id } }),
      db.content_vectors.createMany({ data: rows.map(({ row }) => ({ ...row, content_id })) }),
    ]);
    return;
  }
  const transcription_id = uuidOf('transcription', content_id);
  await db.$transaction([
    db.transcript_vectors.deleteMany({ where: { transcription_id } }),
    db.transcript_vectors.createMany({
      data: rows.map(({ row, seconds }) => ({ ...row, ...seconds, transcription_id })),
    }),
  ]);
}

export function createStoreVectorsActivities({
  db,
  blobs,
  vectors,
}: {
  db: Db;
  blobs: Blobs;
  vectors: Vectors;
}) {
  return {
    /** Writes the vectors to Chroma and says in Postgres where they lie; twice leaves the same set. */
    async storeVectors(input: StoreVectorsInput): Promise<{ collection: string; passages: number }> {
      await claimCollection(db, input.model, input.dimension);
      const { passages } = await readJson(blobs, input.passages, passagesSchema);
      const rows = toVectors(await blobs.read(input.vectors), input.dimension);
      const records = passages.map((passage, index) => recordOf(input, passage, index, rows[index] ?? []));
      await vectors.replace(input.source_id, records);
      await saveRows(db, input, passages);
      return { collection: LIVE_COLLECTION, passages: passages.length };
    },
  };
}
