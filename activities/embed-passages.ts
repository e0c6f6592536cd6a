import { passagesSchema, type Passage } from '../domain/passage';
import type { Db } from '../prisma/client';
import { uuidOf } from '../prisma/ids';
import type { Blobs } from '../store/blobs';
import { LIVE_COLLECTION, type VectorRecord, type Vectors } from '../store/vectors';
import { currentCall } from './call';
import { StepError } from './failures';
import { reportProgress } from './heartbeat';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';

export interface EmbedPassagesInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly passages: string;
}

export interface EmbeddedPassages {
  /** Blob: 32-bit little-endian floats, one row after the other. */
  readonly vectors: string;
  readonly count: number;
  readonly dimension: number;
  readonly model: string;
}

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

const VERSION = 1;
/** Small enough for frequent progress, and no slower: batching brings nothing on a CPU. */
const BATCH = 8;

const toBytes = (vectors: readonly Float32Array[]): Buffer =>
  Buffer.concat(vectors.map((vector) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)));

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
  passage: Passage,
  index: number,
  vector: readonly number[],
  input: StoreVectorsInput,
): VectorRecord {
  const { start_s, end_s } = passage;
  const seconds: Record<string, number> =
    start_s === undefined || end_s === undefined ? {} : { start_s, end_s };
  const metadata = {
    ...{ owner: input.owner_id, content_id: input.source_id, kind: input.of, passage_id: passage.id },
    ...seconds,
  };
  return { id: vectorId(input.source_id, index), vector, text: passage.text, metadata };
}

export function createEmbedActivities(deps: {
  db: Db;
  blobs: Blobs;
  vectors: Vectors;
  once: Once;
  providers: Providers;
}) {
  const { db, blobs, vectors, once, providers } = deps;

  /** The first model to write claims the collection; another one's vectors must not meet with its own. */
  async function claimCollection(model: string, dimension: number): Promise<void> {
    await db.vector_collections.createMany({
      data: [{ name: LIVE_COLLECTION, model, dimension }],
      skipDuplicates: true,
    });
    const held = await db.vector_collections.findUniqueOrThrow({ where: { name: LIVE_COLLECTION } });
    if (held.model === model && held.dimension === dimension) return;
    throw new StepError(
      'EMBEDDING_MODEL_MISMATCH',
      `The collection holds vectors of ${held.model}, and this worker embeds with ${model}`,
      'Set EMBEDDING_PROVIDERS back, or embed everything anew',
    );
  }

  /** Rows of one source are exchanged as a whole. */
  async function saveRows(input: StoreVectorsInput, passages: readonly Passage[]): Promise<void> {
    const { source_id: content_id, model, dimension } = input;
    const facts = passages.map((passage, index) => ({
      ...{
        vector_id: vectorId(content_id, index),
        passage_id: passage.id,
        text: passage.text,
        model,
        dimension,
      },
    }));
    if (input.of === 'text') {
      const rows = facts.map((fact) => ({ ...fact, content_id }));
      await db.$transaction([
        db.content_vectors.deleteMany({ where: { content_id } }),
        db.content_vectors.createMany({ data: rows }),
      ]);
      return;
    }
    const transcription_id = uuidOf('transcription', content_id);
    const rows = facts.map((fact, index) => {
      const { start_s, end_s } = passages[index] ?? {};
      return { ...fact, transcription_id, start_s, end_s };
    });
    await db.$transaction([
      db.transcript_vectors.deleteMany({ where: { transcription_id } }),
      db.transcript_vectors.createMany({ data: rows }),
    ]);
  }

  return {
    /** Makes one vector per passage. */
    async embedPassages(input: EmbedPassagesInput): Promise<EmbeddedPassages> {
      const embedder = providers.get('embedder', input.provider);
      const { provider, model, dimension } = embedder;
      const { owner_id, fresh_for, passages: blob } = input;
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'embedPassages', version: VERSION, blobs: [blob] },
        ...{ parameters: {}, provider, model },
      };
      return once(key, call, async () => {
        const { passages } = await readJson(blobs, blob, passagesSchema);
        const made: Float32Array[] = [];
        for (let at = 0; at < passages.length; at += BATCH) {
          const texts = passages.slice(at, at + BATCH).map((passage) => passage.text);
          made.push(...(await embedder.embed({ texts, signal: call.signal })));
          reportProgress(made.length, passages.length, 'passages');
        }
        const { sha256 } = await blobs.put(toBytes(made));
        return { vectors: sha256, count: made.length, dimension, model };
      });
    },

    /** Writes the vectors to Chroma and says in Postgres where they lie; twice leaves the same set. */
    async storeVectors(input: StoreVectorsInput): Promise<{ collection: string; passages: number }> {
      await claimCollection(input.model, input.dimension);
      const { passages } = await readJson(blobs, input.passages, passagesSchema);
      const rows = toVectors(await blobs.read(input.vectors), input.dimension);
      const records = passages.map((passage, index) => recordOf(passage, index, rows[index] ?? [], input));
      await vectors.replace(input.source_id, records);
      await saveRows(input, passages);
      return { collection: LIVE_COLLECTION, passages: passages.length };
    },
  };
}
