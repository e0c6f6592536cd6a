import type { Passages } from '../domain/passage';
import type { Blobs } from '../store/blobs';
import { runActivity } from '../testing/rows';
import { createEmbedActivities } from './embed-passages';
import type { OnceKey } from './once';
import type { Providers } from './providers/registry';

/** A store in memory; names are not checked here. */
function memory(): Blobs & { readonly kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  const put = async (data: unknown) => {
    const bytes = data as Buffer;
    kept.set(`blob-${kept.size}`, bytes);
    return { sha256: `blob-${kept.size - 1}`, bytes: bytes.length };
  };
  return { kept, put, read: async (name: string) => kept.get(name)! } as unknown as ReturnType<typeof memory>;
}

const file: Passages = {
  ...{ schema: 'passages/1', language: 'en' },
  passages: Array.from({ length: 19 }, (_passage, index) => ({ id: `p${index + 1}`, text: `text ${index}` })),
};

test('embeds in batches, in order, and keeps the vectors row by row', async () => {
  const blobs = memory();
  await blobs.put(Buffer.from(JSON.stringify(file)));
  const batches: string[][] = [];
  const embed = async ({ texts }: { texts: readonly string[] }) => {
    batches.push([...texts]);
    return texts.map((text) => Float32Array.of(Number(text.slice(5)), 0.5));
  };
  const embedder = { provider: 'mpnet', model: 'all-mpnet-base-v2', dimension: 2, embed };
  const keys: OnceKey[] = [];
  const { embedPassages } = createEmbedActivities({
    blobs,
    once: (key, _call, produce) => {
      keys.push(key);
      return produce();
    },
    providers: { get: () => embedder } as unknown as Providers,
  });
  const input = { provider: 'mpnet', answers: 0, owner_id: 'owner', fresh_for: 'job:1', passages: 'blob-0' };
  expect(await runActivity(embedPassages, input)).toEqual({
    ...{ vectors: 'blob-1', count: 19, dimension: 2, model: 'all-mpnet-base-v2' },
  });
  expect(batches.map((batch) => batch.length)).toEqual([8, 8, 3]);
  const floats = new Float32Array(Uint8Array.from(blobs.kept.get('blob-1')!).buffer);
  expect([...floats]).toEqual(file.passages.flatMap((_passage, index) => [index, 0.5]));
  expect(keys).toEqual([
    {
      ...{ owner_id: 'owner', fresh_for: 'job:1', step: 'embedPassages', version: expect.any(Number) },
      ...{ blobs: ['blob-0'], parameters: {}, provider: 'mpnet', model: 'all-mpnet-base-v2' },
    },
  ]);
});
