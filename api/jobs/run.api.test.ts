/** The job contract over HTTP while a real worker works; the recogniser is a vendor whose faults are scripted. */
import { mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import { ended, type TestJob } from '../../testing/stack';
import { startTestWorker, type TestWorker } from '../../testing/worker';
import { createWorld, type World } from '../../testing/world';
import { createJobEngine } from './temporal';

const TRANSCRIPTIONS = '/v1/audio/transcriptions';

let world: World;
let api: WorldApi;
let worker: TestWorker;

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
  worker = await startTestWorker(world);
});
afterAll(() => world.close());
afterEach(() => {
  worker.vendor.faults({});
  expect(api.problems).toEqual([]);
});

/** Each call another pitch, so that no step is found in the cache. */
let pitch = 300;
function upload(seconds = 3): Promise<string> {
  const tone = `sine=frequency=${++pitch}:duration=${seconds}`;
  return api.upload(media(['-f', 'lavfi', '-i', tone, '-ar', '16000'], 'wav'), 'tone.wav');
}

const transcribe = async () => api.start('transcribe', { source_id: await upload() });
const get = (id: string, query = '', headers = {}) =>
  api.call<TestJob>('GET', `/api/jobs/${id}${query}`, undefined, headers);
const slow = { [TRANSCRIPTIONS]: [{ kind: 'delay' as const, ms: 20_000 }] };
const recognising = (job: TestJob) => job.phase === 'recognise' && job.status === 'running';

test('from the upload to the artifacts', async () => {
  const id = await transcribe();
  const { data, status, headers } = await get(id, '?wait=30');
  expect([status, headers.get('etag')]).toEqual([200, `"${data.revision}"`]);
  expect(data).toMatchObject({ status: 'completed', error: null, warnings: [] });
  expect(data.result).toMatchObject({
    language: 'en',
    duration_s: 3,
    provider: 'openai',
    text: expect.any(String),
  });
  expect(data.steps.map(({ name, status: is, attempts }) => [name, is, attempts])).toEqual([
    ['decode', 'completed', 1],
    ['recognise', 'completed', 1],
    ['merge', 'completed', 1],
  ]);
  expect(data.artifacts.map(({ kind }) => kind)).toEqual([
    'transcript',
    'transcript_text',
    'captions_srt',
    'captions_vtt',
  ]);
  const text = await fetch(new URL(data.artifacts[1]!.href, api.url));
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect((await text.text()).trim()).toBe(data.result?.['text']);
});

test('a client that waits sees each revision once, in order, and then 304', async () => {
  worker.vendor.faults({ [TRANSCRIPTIONS]: [{ kind: 'delay', ms: 1_000, times: 1 }] });
  const id = await transcribe();
  const seen: number[] = [];
  let job = (await get(id)).data;
  while (!ended(job)) {
    const next = await get(id, '?wait=20', { 'if-none-match': `"${job.revision}"` });
    expect(next.status).toBe(200);
    expect(next.data.revision).toBeGreaterThan(job.revision);
    job = next.data;
    seen.push(job.revision);
  }
  expect(job.status).toBe('completed');
  expect(seen.length).toBeGreaterThanOrEqual(2);
  const same = await get(id, '?wait=20', { 'if-none-match': `"${job.revision}"` });
  expect([same.status, same.data, same.headers.get('etag')]).toEqual([304, undefined, `"${job.revision}"`]);
});

test('no revision within the wait: 304 when one is known, the job when none is', async () => {
  worker.vendor.faults(slow);
  const id = await transcribe();
  const { revision } = await api.until(id, recognising);
  const began = Date.now();
  const known = await get(id, '?wait=1', { 'if-none-match': `"${revision}"` });
  expect(known.status).toBe(304);
  expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  expect((await get(id, '?wait=1')).data).toMatchObject({ status: 'running', revision });
  await api.call('DELETE', `/api/jobs/${id}`);
}, 30_000);

test('twenty pollers of a running job cost one describe', async () => {
  worker.vendor.faults(slow);
  const id = await transcribe();
  await api.until(id, recognising);
  const engine = createJobEngine(world);
  let describes = 0;
  const counted = await mountApi(world, {
    engine: { ...engine, describe: (job_id) => (describes++, engine.describe(job_id)) },
  });
  const polls = await Promise.all(Array.from({ length: 20 }, () => counted.call('GET', `/api/jobs/${id}`)));
  expect(polls.map(({ status }) => status)).toEqual(polls.map(() => 200));
  expect(describes).toBe(1);
  await api.call('DELETE', `/api/jobs/${id}`);
}, 30_000);

test('cancel aborts the vendor’s call, is final and may be said twice; retry finds what was finished', async () => {
  worker.vendor.faults(slow);
  const id = await transcribe();
  await api.until(
    id,
    (job) => recognising(job) && (worker.vendor.calls()[TRANSCRIPTIONS]?.received ?? 0) > 0,
  );
  const before = worker.vendor.calls()[TRANSCRIPTIONS]!.aborted;
  const began = Date.now();
  const cancelled = await api.call<TestJob>('POST', `/api/jobs/${id}/cancel`);
  expect([cancelled.status, cancelled.data.job_id]).toEqual([202, id]);
  const job = await api.until(id, ended, 6);
  expect(Date.now() - began).toBeLessThanOrEqual(5_000);
  expect(job).toMatchObject({ status: 'cancelled', error: null, result: null });
  expect(worker.vendor.calls()[TRANSCRIPTIONS]!.aborted).toBe(before + 1);
  expect((await api.call<TestJob>('POST', `/api/jobs/${id}/cancel`)).data.status).toBe('cancelled');
  expect((await api.job(id)).revision).toBe(job.revision);

  worker.vendor.faults({});
  const both = await Promise.all([1, 2].map(() => api.call('POST', `/api/jobs/${id}/retry`)));
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
  const again = await api.until(id, ended, 20);
  expect(again).toMatchObject({ status: 'completed', error: null });
  expect(again.revision).toBeGreaterThan(job.revision);
  expect((await api.call('POST', `/api/jobs/${id}/retry`)).status).toBe(409);
  expect((await api.call('POST', `/api/jobs/${id}/cancel`)).status).toBe(409);
  const runs = await world.db.jobs.findUniqueOrThrow({ where: { id } });
  expect(runs.run).toBe(2);
}, 60_000);

test('what a vendor refuses is the job’s error, with code, reason, cure and step', async () => {
  worker.vendor.faults({
    [TRANSCRIPTIONS]: [{ kind: 'status', status: 401, body: { error: { message: 'no key' } } }],
  });
  const job = await api.until(await transcribe(), ended, 20);
  expect(job).toMatchObject({ status: 'failed', result: null });
  expect(job.error).toEqual({
    code: expect.any(String),
    message: expect.stringContaining('no key'),
    hint: expect.any(String),
    ...{ step: 'recognise', provider: 'openai', retryable: expect.any(Boolean) },
  });
});

test('paused between steps, and resumed', async () => {
  worker.vendor.faults({ [TRANSCRIPTIONS]: [{ kind: 'delay', ms: 2_000, times: 1 }] });
  const id = await transcribe();
  await api.until(id, recognising);
  expect((await api.call('POST', `/api/jobs/${id}/pause`)).status).toBe(202);
  const paused = await api.until(
    id,
    (job) => job.status === 'paused' && job.steps[1]?.status === 'completed',
  );
  expect(paused.steps.map(({ name }) => name)).toEqual(['decode', 'recognise']);
  const listed = await api.call<{ items: TestJob[] }>('GET', '/api/jobs?status=paused');
  expect(listed.data.items.map(({ job_id }) => job_id)).toEqual([id]);
  expect((await api.call('POST', `/api/jobs/${id}/resume`)).status).toBe(202);
  expect(await api.until(id, ended, 20)).toMatchObject({ status: 'completed' });
  expect((await api.call('POST', `/api/jobs/${id}/pause`)).status).toBe(409);
}, 30_000);

test('deleted: the job, its artifacts and their bytes are gone; the source and the recogniser’s work stay', async () => {
  // Of another length, so that no other job has the same transcript.
  const source_id = await upload(7);
  const id = await api.start('transcribe', { source_id });
  const { artifacts } = await api.until(id, ended, 20);
  const rows = await world.db.artifacts.findMany({ where: { job_id: id } });
  expect((await api.call('DELETE', `/api/jobs/${id}`)).status).toBe(204);
  expect((await api.call('GET', `/api/jobs/${id}`)).status).toBe(404);
  expect((await api.call('DELETE', `/api/jobs/${id}`)).status).toBe(404);
  for (const { href } of artifacts) expect((await api.call('GET', href)).status).toBe(404);
  const sizes = await Promise.all(rows.map(({ blob }) => world.blobs.size(blob)));
  // The transcript is also the newest one of its source.
  expect(rows.map(({ kind }, index) => [kind, sizes[index] === undefined])).toEqual(
    expect.arrayContaining([
      ['transcript', false],
      ['captions_srt', true],
      ['captions_vtt', true],
    ]),
  );
  expect((await api.call('GET', `/api/content/${source_id}`)).status).toBe(200);
  const billed = worker.vendor.calls()[TRANSCRIPTIONS]!.answered;
  expect(await api.until(await api.start('transcribe', { source_id }), ended, 20)).toMatchObject({
    status: 'completed',
  });
  expect(worker.vendor.calls()[TRANSCRIPTIONS]!.answered).toBe(billed);
}, 30_000);
