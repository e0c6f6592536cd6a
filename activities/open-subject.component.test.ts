import { randomUUID } from 'node:crypto';
import type { ArtifactKind } from '../domain/artifact';
import { BLANK_OFFER, type Offer } from '../domain/offer';
import { newJob, newSource } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { noBudgets } from './budgets';
import { createSubjectActivities } from './open-subject';
import { createPlanActivities } from './plan-providers';
import { saveArtifact } from './save-artifact';

let world: World;
let openSubject: ReturnType<typeof createSubjectActivities>['openSubject'];

beforeAll(async () => {
  world = await createWorld();
  ({ openSubject } = createSubjectActivities(world));
});

afterAll(() => world.close());

async function artifactOf(kind: ArtifactKind, content_id: string | undefined): Promise<string> {
  const job_id = await newJob(world);
  const facts = { job_id, owner_id: world.owner_id, content_id, media_type: 'application/json' };
  const metadata = { passages: 'passages-blob' };
  const file = { file_name: 'x.json', language: 'de' };
  return (await saveArtifact(world, { ...facts, kind, metadata, ...file }, kind)).id;
}

test.each([
  ['audio', 'recording'],
  ['video', 'recording'],
  ['text', 'text'],
])('a source of %s is a %s', async (kind, stage) => {
  const source_id = await newSource(world, kind, { kind });
  expect(await openSubject({ owner_id: world.owner_id, source_id })).toMatchObject({
    ...{ stage, passages: null, source_id, title: 'A lecture', language: 'und' },
  });
});

test('a source says its language when it knows it', async () => {
  const source_id = await newSource(world, 'salut', { language: 'fr' });
  expect(await openSubject({ owner_id: world.owner_id, source_id })).toMatchObject({ language: 'fr' });
});

test.each(['transcript', 'summary', 'deck_spec'] as const)(
  'an artifact of kind %s says how far its source was taken',
  async (kind) => {
    const source_id = await newSource(world, 'audio');
    const artifact_id = await artifactOf(kind, source_id);
    const { blob } = await world.db.artifacts.findUniqueOrThrow({ where: { id: artifact_id } });
    expect(await openSubject({ owner_id: world.owner_id, artifact_id })).toEqual({
      ...{ stage: kind, blob, passages: 'passages-blob', source_id, title: 'A lecture', language: 'de' },
    });
  },
);

test('others’ things are not there', async () => {
  const source_id = await newSource(world, 'mine');
  const artifact_id = await artifactOf('summary', source_id);
  const stranger = randomUUID();
  for (const named of [{ source_id }, { artifact_id }, {}]) {
    await expect(openSubject({ owner_id: stranger, ...named })).rejects.toMatchObject({
      code: 'SOURCE_GONE',
    });
  }
});

test('nothing goes on from a deck, nor from an artifact without a source', async () => {
  const owner_id = world.owner_id;
  const source_id = await newSource(world, 'audio');
  const deck = await artifactOf('deck', source_id);
  await expect(openSubject({ owner_id, artifact_id: deck })).rejects.toMatchObject({
    code: 'WRONG_ARTIFACT',
  });
  const lone = await artifactOf('summary', undefined);
  await expect(openSubject({ owner_id, artifact_id: lone })).rejects.toMatchObject({ code: 'SOURCE_GONE' });
});

test('saving an artifact again leaves one row with the newer bytes', async () => {
  const { db, blobs, owner_id } = world;
  const job_id = await newJob(world);
  const artifact = { job_id, owner_id, kind: 'voiceover', media_type: 'audio/mpeg', file_name: 'a' } as const;
  const ids = [
    (await saveArtifact(world, { ...artifact, position: 1 }, 'old')).id,
    (await saveArtifact(world, { ...artifact, position: 1 }, 'new')).id,
    (await saveArtifact(world, { ...artifact, position: 2 }, 'other slide')).id,
  ];
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
  const rows = await db.artifacts.findMany({ where: { job_id }, orderBy: { position: 'asc' } });
  expect(rows.map(({ bytes }) => Number(bytes))).toEqual([3, 11]);
  expect(String(await blobs.read(rows[0]!.blob))).toBe('new');
});

test('plans from what living workers offer', async () => {
  const { planProviders } = createPlanActivities({ db: world.db, stepTimeoutS: 77, budgets: noBudgets });
  const offer: Offer = {
    ...{
      ...BLANK_OFFER,
      capability: 'speaker',
      provider: 'piper',
      model: 'joe',
      quality: 'standard',
      available: true,
    },
    ...{ languages: ['en'] },
  };
  const worker = (id: string, secondsAgo: number, provider: string) =>
    world.db.workers.create({
      data: { id, offers: [{ ...offer, provider }], seen_at: new Date(Date.now() - secondsAgo * 1000) },
    });
  await Promise.all([worker('alive', 20, 'piper'), worker('dead', 60, 'openai')]);
  expect(await planProviders({ capability: 'speaker', job_id: randomUUID() })).toEqual({
    providers: [{ provider: 'piper', model: 'joe', quality: 'standard', batch_from_s: null }],
    preferred: { provider: 'piper', reason: null },
    missing: [],
    total_s: 77,
  });
});
