/** Starting jobs over HTTP: what is accepted, what is refused, and what the workflow is started with. No worker is needed. */
import { Client, Connection } from '@temporalio/client';
import { mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import type { TestJob } from '../../testing/stack';
import { createWorld, type World } from '../../testing/world';
import { createJobEngine } from './temporal';

let world: World;
let api: WorldApi;
let recording: string;
let text: string;

const tone = media(['-f', 'lavfi', '-i', 'sine=duration=2', '-ar', '16000'], 'wav');

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
  recording = await api.upload(tone, 'tone.wav');
  text = await api.upload(Buffer.from('A leaf turns light into sugar.'), 'leaf.txt');
});
afterAll(() => world.close());

const ID = '0b1f4c1e-7a0d-4e55-9c3b-2f1f6a1d9b7c';

/** An artifact as a worker leaves it. */
async function artifact(kind: string): Promise<string> {
  const job_id = await api.start('transcribe', { source_id: recording });
  const id = crypto.randomUUID();
  const { sha256, bytes } = await world.blobs.put(`the ${kind}`);
  const row = { kind, media_type: 'application/json', file_name: `Lecture 1.5.json`, blob: sha256, bytes };
  await world.db.artifacts.create({
    data: { id, job_id, owner_id: world.owner_id, content_id: recording, ...row },
  });
  return id;
}

const accepted = (job_id: string) => ({
  job_id,
  status: 'queued',
  estimated_time: expect.any(Number),
  links: {
    self: `/api/jobs/${job_id}`,
    cancel: `/api/jobs/${job_id}/cancel`,
    retry: `/api/jobs/${job_id}/retry`,
  },
});

const form = (fields: Record<string, string> = {}) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('file', new Blob([tone]), 'lecture.wav');
  return data;
};

test.each<[string, string, () => object, string, string]>([
  [
    'a job',
    '/api/jobs',
    () => ({ type: 'transcribe', input: { source_id: recording } }),
    'transcribe',
    'Transcript: tone',
  ],
  [
    'a lesson of a text',
    '/api/jobs',
    () => ({ type: 'lesson', input: { source_id: text } }),
    'lesson',
    'Lesson: leaf',
  ],
  [
    'a titled job',
    '/api/jobs',
    () => ({ type: 'embed', input: { source_id: text }, title: ' Mine ' }),
    'embed',
    'Mine',
  ],
  ['the seed’s upload', '/api/transcribe/', () => form(), 'transcribe', 'Transcript: lecture'],
  [
    'the seed’s other upload',
    '/api/transcribe/audio',
    () => form({ title: 'Leaves', language: 'en' }),
    'transcribe',
    'Transcript: Leaves',
  ],
  [
    'speech',
    '/api/tts/speech',
    () => ({ text: 'Light  becomes\nsugar.' }),
    'voiceover',
    'Voice-over: Light becomes sugar.',
  ],
  ['a presentation', '/api/presentations', () => ({ source_id: recording }), 'slides', 'Slides: tone'],
  [
    'a titled presentation',
    '/api/presentations',
    () => ({ source_id: text, title: 'Leaves' }),
    'slides',
    'Leaves',
  ],
])('%s is accepted: 202, as the seed prints it', async (_what, route, body, type, title) => {
  const { status, data, headers } = await api.call<TestJob>('POST', route, body());
  expect([status, headers.get('location')]).toEqual([202, `/api/jobs/${data.job_id}`]);
  expect(data).toEqual(accepted(data.job_id));
  expect(await api.job(data.job_id)).toMatchObject({ type, title, status: 'queued', revision: 1 });
});

test('the workflow is named like the job, and carries no more than it needs', async () => {
  const id = await api.start('transcribe', { source_id: recording, language: 'en' });
  const execution = await world.client.workflow.getHandle(id).describe();
  expect(execution).toMatchObject({ type: 'transcribe', taskQueue: world.queue, memo: { run: 1 } });
  const row = await world.db.jobs.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ run_id: execution.runId, run: 1, estimated_time: 4 });
  expect(row.input).toEqual({ source_id: recording, language: 'en', quality: 'standard', force: false });
  const attributes = JSON.stringify(execution.searchAttributes);
  expect(attributes).not.toContain(world.owner_id);
});

test('the form’s other fields are the job’s parameters', async () => {
  const { data } = await api.call<TestJob>(
    'POST',
    '/api/transcribe/',
    form({ quality: 'fast', force: 'true' }),
  );
  const { input } = (await api.call<{ input: object }>('GET', `/api/jobs/${data.job_id}`)).data;
  expect(input).toEqual({ source_id: expect.any(String), quality: 'fast', force: true });
});

test.each<[string, string, () => object, number, string]>([
  [
    'an unknown source',
    '/api/jobs',
    () => ({ type: 'transcribe', input: { source_id: ID } }),
    404,
    'input.source_id',
  ],
  [
    'an unknown artifact',
    '/api/jobs',
    () => ({ type: 'embed', input: { artifact_id: ID } }),
    404,
    'input.artifact_id',
  ],
  [
    'an id that is none',
    '/api/jobs',
    () => ({ type: 'transcribe', input: { source_id: 7 } }),
    422,
    'input.source_id',
  ],
  ['no source', '/api/jobs', () => ({ type: 'transcribe', input: {} }), 422, 'input.source_id'],
  ['neither source nor artifact', '/api/jobs', () => ({ type: 'slides', input: {} }), 422, 'input.source_id'],
  [
    'both',
    '/api/jobs',
    () => ({ type: 'slides', input: { source_id: ID, artifact_id: ID } }),
    422,
    'input.source_id',
  ],
  [
    'a text to transcribe',
    '/api/jobs',
    () => ({ type: 'transcribe', input: { source_id: text } }),
    422,
    'input.source_id',
  ],
  [
    'a quality that is none',
    '/api/jobs',
    () => ({ type: 'transcribe', input: { source_id: recording, quality: 'best' } }),
    422,
    'input.quality',
  ],
  [
    'a NUL deep inside',
    '/api/jobs',
    () => ({ type: 'voiceover', input: { text: 'a\0' } }),
    422,
    'input.text',
  ],
  ['an unknown source of a presentation', '/api/presentations', () => ({ source_id: ID }), 404, 'source_id'],
  ['a theme that is none', '/api/presentations', () => ({ source_id: text, theme: 'pink' }), 422, 'theme'],
  ['no text', '/api/tts/speech', () => ({ text: ' ' }), 422, 'text'],
  ['too much text', '/api/tts/speech', () => ({ text: 'a'.repeat(20_001) }), 422, 'text'],
  ['a language that is none', '/api/tts/speech', () => ({ text: 'a', language: '!' }), 422, 'language'],
  ['a form field that is wrong', '/api/transcribe/', () => form({ quality: 'best' }), 422, 'quality'],
])('%s is refused at once, by the name of the field', async (_what, route, body, status, field) => {
  const before = await world.db.jobs.count();
  const answer = await api.call('POST', route, body());
  expect([answer.status, answer.error?.details['field']]).toEqual([status, field]);
  expect(await world.db.jobs.count()).toBe(before);
});

test.each([
  ['embed', 'transcript', 202],
  ['slides', 'summary', 202],
  ['voiceover', 'deck_spec', 202],
  ['embed', 'summary', 422],
  ['summarize', 'deck', 422],
])('%s from a %s: %i', async (type, kind, status) => {
  const artifact_id = await artifact(kind);
  const { status: is, data } = await api.call<TestJob>('POST', '/api/jobs', { type, input: { artifact_id } });
  expect(is).toBe(status);
  if (status === 202)
    expect((await api.job(data.job_id)) as unknown).toMatchObject({
      title: expect.stringMatching(/: Lecture 1\.5$/),
    });
});

test('lists: by cursor, by status, by type, by ids', async () => {
  const own = await createWorld();
  const fresh = await mountApi(own);
  const source_id = await fresh.upload(tone, 'tone.wav');
  const ids: string[] = [];
  for (const type of ['transcribe', 'embed', 'transcribe'])
    ids.unshift(await fresh.start(type, { source_id }));
  await own.db.jobs.update({ where: { id: ids[0] }, data: { status: 'failed' } });
  const list = async (query: string) => {
    const { data } = await fresh.call<{ items: TestJob[]; next_cursor: string | null }>(
      'GET',
      `/api/jobs${query}`,
    );
    return { ids: data.items.map(({ job_id }) => job_id), next: data.next_cursor };
  };
  expect(await list('')).toEqual({ ids, next: null });
  const first = await list('?limit=2');
  expect(first.ids).toEqual(ids.slice(0, 2));
  expect(await list(`?limit=2&cursor=${first.next}`)).toEqual({ ids: ids.slice(2), next: null });
  expect((await list('?status=failed')).ids).toEqual([ids[0]]);
  expect((await list('?type=transcribe&status=queued')).ids).toEqual([ids[2]]);
  expect((await list(`?ids=${ids[2]},${ids[0]},${ID}`)).ids).toEqual([ids[0], ids[2]]);
  await own.close();
});

test('another’s job is not there, whatever is done to it', async () => {
  const id = await api.start('transcribe', { source_id: recording });
  const other = '7d1c7a52-3f55-4a0a-9d0e-2f0d6c1c0e11';
  await world.db.users.create({ data: { id: other, email: 'other@example.org' } });
  const theirs = await mountApi(world, { as: other, reader: api.deps.reader });
  const tries = [
    ['GET', ''],
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['DELETE', ''],
  ] as const;
  for (const [method, rest] of tries)
    expect((await theirs.call(method, `/api/jobs/${id}${rest}`)).status).toBe(404);
  expect((await theirs.call('GET', `/api/jobs?ids=${id}`)).data).toEqual({ items: [], next_cursor: null });
  expect(await api.job(id)).toMatchObject({ status: 'queued' });
});

test('without Temporal a job is accepted, and waits', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const engine = createJobEngine({ client: new Client({ connection }), queue: world.queue });
  const away = await mountApi(world, { engine });
  const { status, data } = await away.call<TestJob>('POST', '/api/jobs', {
    ...{ type: 'transcribe', input: { source_id: recording } },
  });
  expect([status, data.status]).toEqual([202, 'queued']);
  expect(away.problems).toHaveLength(1);
  expect(await away.job(data.job_id)).toMatchObject({ status: 'queued', revision: 1 });
  const paused = await away.call('POST', `/api/jobs/${data.job_id}/pause`);
  expect([paused.status, paused.error?.code, paused.headers.get('retry-after')]).toEqual([
    503,
    'UNAVAILABLE',
    '5',
  ]);
  expect((await away.call('DELETE', `/api/jobs/${data.job_id}`)).status).toBe(503);
  expect(await api.job(data.job_id)).toMatchObject({ status: 'queued' });
  await connection.close();
});
