import { newJob } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { saveArtifact, type NewArtifact } from './save-artifact';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const film = async (): Promise<NewArtifact> => ({
  ...{ job_id: await newJob(world), owner_id: world.owner_id, kind: 'video' as const },
  ...{ media_type: 'video/mp4', file_name: 'film.mp4' },
});

const rowOf = (id: string) => world.db.artifacts.findUniqueOrThrow({ where: { id } });

test('a second run leaves one row, with the newer bytes and a new term', async () => {
  const artifact = await film();
  const { id } = await saveArtifact(world, artifact, 'first');
  expect(await rowOf(id)).toMatchObject({ retention: 'derived', expires_at: null });
  await world.db.artifacts.update({ where: { id }, data: { expires_at: new Date() } });
  const second = await saveArtifact(world, artifact, 'second');
  expect(second.id).toBe(id);
  expect(await rowOf(id)).toMatchObject({ blob: second.blob, retention: 'derived', expires_at: null });
});

test('what cannot be had again by asking is kept', async () => {
  const { id } = await saveArtifact(world, { ...(await film()), kind: 'transcript' }, '{}');
  expect(await rowOf(id)).toMatchObject({ retention: 'kept', expires_at: null });
});

test('no row is written about bytes that were removed in between', async () => {
  const artifact = await film();
  const put = async (data: Parameters<World['blobs']['put']>[0]) => {
    const stored = await world.blobs.put(data);
    await world.blobs.remove(stored.sha256);
    return stored;
  };
  const saving = saveArtifact({ db: world.db, blobs: { ...world.blobs, put } }, artifact, 'gone at once');
  await expect(saving).rejects.toThrow(/removed meanwhile/);
  expect(await world.db.artifacts.count({ where: { job_id: artifact.job_id } })).toBe(0);
});
