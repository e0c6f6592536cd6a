import { randomUUID } from 'node:crypto';
import { newJob, newSource } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { removeUnusedBlobs, withBlob } from './blobs';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

const newBlob = async (): Promise<string> => (await world.blobs.put(randomUUID())).sha256;

const sweep = (names: readonly string[]) => removeUnusedBlobs(world.db, names, world.blobs.remove);

const areThere = (names: readonly string[]) =>
  Promise.all(names.map(async (name) => (await world.blobs.size(name)) !== undefined));

test('removes what no row names, and nothing else', async () => {
  const { db, owner_id } = world;
  const content_id = await newSource(world, randomUUID());
  const { blob: ofContent } = await db.content.findUniqueOrThrow({ where: { id: content_id } });
  const [ofArtifact, ofPassages, ofTranscript, ofStep, ofNobody] = await Promise.all(
    Array.from({ length: 5 }, newBlob),
  );
  const job_id = await newJob(world);
  const file = { media_type: 'application/json', file_name: 'x', bytes: 1, kind: 'summary' };
  const metadata = { passages: ofPassages! };
  await db.artifacts.create({
    data: { id: randomUUID(), owner_id, job_id, ...file, blob: ofArtifact!, metadata },
  });
  const made = { language: 'en', duration_s: 1, provider: 'p', model: 'm', quality: 'q' };
  await db.transcriptions.create({
    data: { id: randomUUID(), owner_id, content_id, blob: ofTranscript!, ...made },
  });
  await db.step_results.create({ data: { key: randomUUID(), owner_id, step: 's', blob: ofStep! } });
  const named = [ofContent, ofArtifact!, ofPassages!, ofTranscript!, ofStep!];
  await sweep([...named, ofNobody!, ofNobody!]);
  expect(await areThere(named)).toEqual([true, true, true, true, true]);
  expect(await areThere([ofNobody!])).toEqual([false]);
});

test('asks nothing of the database for nothing', async () => {
  await removeUnusedBlobs(undefined as never, [], world.blobs.remove);
});

test('who writes a row about a blob keeps it from being removed meanwhile', async () => {
  const { db, owner_id } = world;
  const name = await newBlob();
  let sweeping: Promise<void> | undefined;
  await withBlob(db, name, async (tx) => {
    sweeping = sweep([name]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await tx.step_results.create({ data: { key: randomUUID(), owner_id, step: 's', blob: name } });
  });
  await sweeping;
  expect(await areThere([name])).toEqual([true]);
});

test('two that remove the same ones in another order do not wait for each other', async () => {
  const names = await Promise.all(Array.from({ length: 10 }, newBlob));
  await Promise.all([sweep(names), sweep([...names].reverse())]);
  expect(await areThere(names)).toEqual(Array(10).fill(false));
});
