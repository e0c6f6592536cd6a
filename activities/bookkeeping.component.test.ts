import { randomUUID } from 'node:crypto';
import type { JobOutcome } from '../domain/job';
import type { Transcript } from '../domain/transcript';
import { newJob, newSource } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { createBookkeepingActivities } from './bookkeeping';

let world: World;
let activities: ReturnType<typeof createBookkeepingActivities>;

beforeAll(async () => {
  world = await createWorld();
  activities = createBookkeepingActivities(world);
});

afterAll(() => world.close());

async function transcribed(text: string): Promise<string> {
  const { db, blobs, owner_id } = world;
  const content_id = await newSource(world, randomUUID());
  const facts = {
    ...{ language: 'en', duration_s: 1, provider: 'whisper', model: 'base', quality: 'standard' },
  };
  const transcript: Transcript = { schema: 'transcript/1', text, segments: [], ...facts };
  const { sha256: blob } = await blobs.put(JSON.stringify(transcript));
  const id = randomUUID();
  await db.transcriptions.create({ data: { id, content_id, owner_id, blob, ...facts } });
  return id;
}

async function recordedResult(result: JobOutcome['result']): Promise<unknown> {
  const job_id = await newJob(world);
  await activities.recordOutcome({
    ...{ job_id, run: 1, status: 'completed', revision: 5, phase: 'merge', steps: [], warnings: [] },
    ...{ progress: null, error: null, result },
  });
  const row = await world.db.jobs.findUniqueOrThrow({ where: { id: job_id } });
  return row.result;
}

test('a transcription’s result carries its text, up to 64 KB of it', async () => {
  const fits = 'ä'.repeat(32_768);
  const transcription_id = await transcribed(fits);
  expect(await recordedResult({ transcription_id, words: 1 })).toEqual({
    transcription_id,
    words: 1,
    text: fits,
  });
  const longer = { transcription_id: await transcribed(`${fits}.`), words: 1 };
  expect(await recordedResult(longer)).toEqual(longer);
});

test('another result, or one whose transcription was deleted, stays as it is', async () => {
  const gone = { transcription_id: randomUUID() };
  expect(await recordedResult(gone)).toEqual(gone);
  expect(await recordedResult({ slides: 3 })).toEqual({ slides: 3 });
  expect(await recordedResult(null)).toBeNull();
});

test('says that a job runs', async () => {
  const job_id = await newJob(world);
  await activities.markRunning({ job_id, run: 1 });
  expect(await world.db.jobs.findUnique({ where: { id: job_id } })).toMatchObject({ status: 'running' });
});
