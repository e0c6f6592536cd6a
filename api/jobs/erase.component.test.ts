/** Erasing a job: its rows, and the bytes that are nobody else’s. */
import { createRows, type Rows } from './__fixtures__/rows';
import { eraseJob } from './actions';
import { findJobRow } from './view';

let rows: Rows;
beforeAll(async () => {
  rows = await createRows();
});
beforeEach(() => rows.clear());
afterAll(() => rows.world.close());

async function artifact(job_id: string, content: string, position: number, metadata = {}) {
  const { sha256: blob, bytes } = await rows.world.blobs.put(content);
  const file = { kind: 'voiceover', media_type: 'text/plain', file_name: 'x', position, metadata };
  const row = { id: crypto.randomUUID(), owner_id: rows.world.owner_id, job_id, blob, bytes, ...file };
  await rows.world.db.artifacts.create({ data: row });
  return blob;
}

test('removes rows and the bytes that nobody else refers to', async () => {
  const { db, blobs, owner_id } = rows.world;
  const id = await rows.leave({ status: 'completed' });
  const other = await rows.leave({ status: 'completed' });
  const own = await artifact(id, 'nobody else’s', 0);
  const inOther = await artifact(id, 'also another job’s', 1);
  await artifact(other, 'also another job’s', 1);
  const inDeck = await artifact(id, 'what a deck rests on', 2);
  await artifact(other, 'the deck', 2, { passages: inDeck });
  const inCache = await artifact(id, 'a step’s result', 3);
  await db.step_results.create({ data: { key: 'key', owner_id, step: 'speak', blob: inCache } });
  const inTranscript = await artifact(id, 'the transcript', 4);
  const heard = { language: 'en', duration_s: 1, provider: 'p', model: 'm', quality: 'q' };
  await db.transcriptions.create({
    data: { id: crypto.randomUUID(), content_id: rows.source_id, owner_id, blob: inTranscript, ...heard },
  });
  const inContent = await artifact(id, 'RIFF....WAVE', 5);

  await rows.act(eraseJob, id);
  expect(await findJobRow(db, id)).toBeNull();
  expect(await db.artifacts.count({ where: { job_id: id } })).toBe(0);
  expect(await blobs.size(own)).toBeUndefined();
  for (const kept of [inOther, inDeck, inCache, inTranscript, inContent])
    expect(await blobs.size(kept)).toEqual(expect.any(Number));
});

test('of a job under way cancels it first', async () => {
  const id = await rows.start();
  await rows.act(eraseJob, id);
  expect(await findJobRow(rows.world.db, id)).toBeNull();
  expect(await rows.engine.describe(id)).toMatchObject({ status: 'closed' });
});

test('without Temporal is refused, so that nothing runs on unseen', async () => {
  const id = await rows.start();
  const erasing = eraseJob({ ...rows.deps, engine: rows.awayEngine() }, await rows.rowOf(id));
  await expect(erasing).rejects.toMatchObject({ status: 503 });
  expect(await rows.rowOf(id)).toMatchObject({ status: 'queued' });
});
