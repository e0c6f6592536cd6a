import { randomUUID } from 'node:crypto';
import type { Passage } from '../domain/passage';
import { uuidOf } from '../prisma/ids';
import { chromaVectors, type Vectors } from '../store/vectors';
import { newSource } from '../testing/rows';
import { createWorld, serverUrls, type World } from '../testing/world';
import { StepError } from './failures';
import { createStoreVectorsActivities, type StoreVectorsInput } from './store-vectors';

let world: World;
let vectors: Vectors;
let storeVectors: ReturnType<typeof createStoreVectorsActivities>['storeVectors'];

beforeAll(async () => {
  world = await createWorld();
  vectors = chromaVectors(serverUrls().chroma, `test-${randomUUID()}`);
  ({ storeVectors } = createStoreVectorsActivities({ ...world, vectors }));
});

afterAll(() => world.close());

const DIMENSION = 4;

const passagesOf = (count: number, timed: boolean): Passage[] =>
  Array.from({ length: count }, (_passage, index) => ({
    ...{ id: `p${index + 1}`, text: `passage ${index + 1}` },
    ...(timed ? { start_s: index * 10, end_s: index * 10 + 9 } : {}),
  }));

async function work(
  source_id: string,
  count: number,
  of: StoreVectorsInput['of'] = 'text',
  over: Partial<StoreVectorsInput> = {},
): Promise<StoreVectorsInput> {
  const file = { schema: 'passages/1', language: 'en', passages: passagesOf(count, of === 'transcript') };
  const floats = new Float32Array(count * DIMENSION).map((_value, at) => at + 1);
  const [passages, made] = await Promise.all([
    world.blobs.put(JSON.stringify(file)),
    world.blobs.put(Buffer.from(floats.buffer)),
  ]);
  return {
    ...{ owner_id: world.owner_id, source_id, of, dimension: DIMENSION, model: 'all-mpnet-base-v2' },
    ...{ passages: passages.sha256, vectors: made.sha256 },
    ...over,
  };
}

const rowsOf = (content_id: string) =>
  world.db.content_vectors.findMany({ where: { content_id }, orderBy: { passage_id: 'asc' } });

test('writes each passage to Chroma and says in Postgres where it lies', async () => {
  const source = await newSource(world, 'text', { kind: 'text' });
  expect(await storeVectors(await work(source, 3))).toEqual({ collection: 'content', passages: 3 });
  expect((await vectors.idsOf(source)).sort()).toEqual([source, `${source}#1`, `${source}#2`]);
  expect(await rowsOf(source)).toMatchObject([
    { vector_id: source, passage_id: 'p1', text: 'passage 1', model: 'all-mpnet-base-v2', dimension: 4 },
    { vector_id: `${source}#1`, passage_id: 'p2' },
    { vector_id: `${source}#2`, passage_id: 'p3' },
  ]);
});

test('twice leaves the same set, and a shorter one leaves nothing stale', async () => {
  const source = await newSource(world, 'text', { kind: 'text' });
  const three = await work(source, 3);
  await storeVectors(three);
  const before = await rowsOf(source);
  await storeVectors(three);
  expect(await rowsOf(source)).toEqual(before);
  expect(await vectors.idsOf(source)).toHaveLength(3);
  await storeVectors(await work(source, 1));
  expect(await rowsOf(source)).toHaveLength(1);
  expect(await vectors.idsOf(source)).toEqual([source]);
});

test('passages of a transcript belong to the transcription and know their seconds', async () => {
  const source = await newSource(world, 'audio');
  const id = uuidOf('transcription', source);
  const facts = { blob: 'x', language: 'en', duration_s: 20, provider: 'p', model: 'm', quality: 'q' };
  await world.db.transcriptions.create({
    data: { id, content_id: source, owner_id: world.owner_id, ...facts },
  });
  const input = await work(source, 2, 'transcript');
  await storeVectors(input);
  await storeVectors(input);
  const rows = await world.db.transcript_vectors.findMany({
    where: { transcription_id: id },
    orderBy: { passage_id: 'asc' },
  });
  expect(rows).toMatchObject([
    { vector_id: source, passage_id: 'p1', start_s: 0, end_s: 9 },
    { vector_id: `${source}#1`, passage_id: 'p2', start_s: 10, end_s: 19 },
  ]);
  expect(await rowsOf(source)).toEqual([]);
});

test('two sources do not touch', async () => {
  const [one, other] = await Promise.all([newSource(world, 'one'), newSource(world, 'other')]);
  await storeVectors(await work(one, 2));
  await storeVectors(await work(other, 2));
  await storeVectors(await work(one, 1));
  expect(await vectors.idsOf(other)).toHaveLength(2);
  expect(await rowsOf(other)).toHaveLength(2);
});

test.each([
  ['model', { model: 'another' }],
  ['dimension', { dimension: 2 }],
])('vectors of another %s never meet the collection’s', async (_what, over) => {
  const source = await newSource(world, 'text', { kind: 'text' });
  const refused = storeVectors(await work(source, 1, 'text', over));
  await expect(refused).rejects.toThrow(StepError);
  await expect(refused).rejects.toMatchObject({ code: 'EMBEDDING_MODEL_MISMATCH' });
  expect(await vectors.idsOf(source)).toEqual([]);
});
