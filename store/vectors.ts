/** Vectors of passages in Chroma: our database for them, no vendor. Rows in Postgres say what lies here. */
import { ChromaClient, type Collection } from 'chromadb';

/** The collection that searches read. */
export const LIVE_COLLECTION = 'content';

export interface VectorRecord {
  readonly id: string;
  readonly vector: readonly number[];
  readonly text: string;
  readonly metadata: Record<string, string | number>;
}

export interface Vectors {
  /** Makes the content's vectors exactly these: the same call twice leaves the same set. */
  replace(content_id: string, records: readonly VectorRecord[]): Promise<void>;
  /** Ids of the content's vectors. */
  idsOf(content_id: string): Promise<string[]>;
  count(): Promise<number>;
}

/** Chroma refuses larger batches; the number is its default limit with room to spare. */
const BATCH = 1_000;

const quiet = { generate: (): Promise<number[][]> => Promise.reject(new Error('vectors are always given')) };

export function chromaVectors(url: string, name: string = LIVE_COLLECTION): Vectors {
  const { hostname, port, protocol } = new URL(url);
  const ssl = protocol === 'https:';
  const client = new ChromaClient({ host: hostname, port: Number(port) || (ssl ? 443 : 80), ssl });
  let opened: Promise<Collection> | undefined;

  /** Opened on first use; a failure is not kept. */
  function collection(): Promise<Collection> {
    opened ??= client
      .getOrCreateCollection({ name, embeddingFunction: quiet, configuration: { hnsw: { space: 'cosine' } } })
      .catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
    return opened;
  }

  const idsOf = async (content_id: string): Promise<string[]> => {
    const found = await (await collection()).get({ where: { content_id }, include: [] });
    return found.ids;
  };

  return {
    idsOf,
    async replace(content_id, records) {
      const target = await collection();
      for (let at = 0; at < records.length; at += BATCH) {
        const batch = records.slice(at, at + BATCH);
        await target.upsert({
          ids: batch.map((record) => record.id),
          embeddings: batch.map((record) => [...record.vector]),
          metadatas: batch.map((record) => record.metadata),
          documents: batch.map((record) => record.text),
        });
      }
      const kept = new Set(records.map((record) => record.id));
      const stale = (await idsOf(content_id)).filter((id) => !kept.has(id));
      if (stale.length > 0) await target.delete({ ids: stale });
    },
    count: async () => (await collection()).count(),
  };
}
