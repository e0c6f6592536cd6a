import { randomUUID } from 'node:crypto';
import { createWorld, type World } from '../../testing/world';
import { estimateSeconds } from './estimate';
import { learnFactor } from './learned';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const MINUTE = { media_type: 'audio/mpeg', bytes: 16_000n * 60n };
const THUMB = estimateSeconds('lesson', MINUTE);

async function source(): Promise<string> {
  const id = randomUUID();
  const { owner_id } = world;
  const facts = { kind: 'audio', title: 'A lecture', file_name: 'a.mp3', blob: '0'.repeat(64) };
  await world.db.content.create({ data: { id, owner_id, ...facts, ...MINUTE } });
  return id;
}

/** A lesson over `source_id` that took so many times as long as the rule of thumb says. */
async function finished(source_id: string, times: number, over: object = {}): Promise<void> {
  const started_at = new Date();
  const finished_at = new Date(started_at.getTime() + times * THUMB * 1000);
  const facts = { type: 'lesson', title: 'Lesson', status: 'completed', estimated_time: THUMB };
  const data = { id: randomUUID(), owner_id: world.owner_id, input: { source_id }, started_at, finished_at };
  await world.db.jobs.create({ data: { ...facts, ...data, ...over } });
}

test('says nothing before three jobs have finished', async () => {
  for (const times of [2, 2]) await finished(await source(), times);
  expect(await learnFactor(world.db, 'lesson')).toBe(1);
});

test('is the median of what finished jobs took', async () => {
  for (const times of [2, 3, 40]) await finished(await source(), times);
  expect(await learnFactor(world.db, 'lesson')).toBeCloseTo(3);
  expect(await learnFactor(world.db, 'transcribe')).toBe(1);
});

test('failed jobs, retried ones and those that found finished steps teach nothing', async () => {
  const sources = [await source(), await source(), await source()];
  for (const id of sources) await finished(id, 2);
  for (const id of sources) await finished(id, 0.01, { created_at: new Date(Date.now() + 60_000) });
  await finished(await source(), 9, { status: 'failed' });
  await finished(await source(), 9, { run: 2 });
  expect(await learnFactor(world.db, 'lesson')).toBeCloseTo(2);
});
