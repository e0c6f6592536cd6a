import path from 'node:path';
import { s3Blobs } from '../../store/s3-blobs';
import { mountApi, type WorldApi } from '../../testing/api';
import { describeWithS3, startS3, type S3Server } from '../../testing/s3-server';
import { createWorld, type World } from '../../testing/world';

let world: World;
let api: WorldApi;
let href: string;
let tag: string;
const BYTES = 'WEBVTT\n\n00:00 --> 00:01\nGrün';

async function artifact(content: string, blobs = world.blobs): Promise<{ id: string; blob: string }> {
  const { owner_id, db } = world;
  const job = { type: 'transcribe', title: 'x', input: {}, status: 'completed', estimated_time: 1 };
  const { id: job_id } = await db.jobs.create({ data: { id: crypto.randomUUID(), owner_id, ...job } });
  const { sha256: blob, bytes } = await blobs.put(content);
  const file = { kind: 'captions_vtt', media_type: 'text/vtt; charset=utf-8', file_name: 'Blätter 1.vtt' };
  const { id } = await db.artifacts.create({
    data: { id: crypto.randomUUID(), job_id, owner_id, blob, bytes, ...file },
  });
  return { id, blob };
}

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
  const { id, blob } = await artifact(BYTES);
  [href, tag] = [`/api/artifacts/${id}`, `"${blob}"`];
});
afterAll(() => world.close());

const get = async (headers: Record<string, string> = {}, method = 'GET', route = href) => {
  const answer = await fetch(new URL(route, api.url), { method, headers });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
};

const SIZE = Buffer.byteLength(BYTES);

test('the bytes, their media type and their name', async () => {
  const { status, headers, body } = await get({ accept: 'text/vtt' });
  expect([status, body.toString()]).toEqual([200, BYTES]);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/vtt; charset=utf-8',
    'content-disposition': `attachment; filename="Bl_tter 1.vtt"; filename*=UTF-8''Bl%C3%A4tter%201.vtt`,
    ...{ 'content-length': String(SIZE), 'accept-ranges': 'bytes', etag: tag },
    ...{ 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' },
  });
});

test.each([
  ['bytes=0-5', 0, 5],
  ['bytes=8-', 8, SIZE - 1],
  ['bytes=-4', SIZE - 4, SIZE - 1],
])('%s', async (range, start, end) => {
  const { status, headers, body } = await get({ range });
  expect([status, headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${SIZE}`]);
  expect(body).toEqual(Buffer.from(BYTES).subarray(start, end + 1));
  expect(headers.get('content-length')).toBe(String(end - start + 1));
});

test('a range outside it is 416 in the envelope, with nothing of the file’s headers', async () => {
  const { status, headers, body } = await get({ range: 'bytes=500-' });
  expect([status, headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`]);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect([headers.get('content-disposition'), headers.get('etag')]).toEqual([null, null]);
  expect(JSON.parse(body.toString())).toMatchObject({
    success: false,
    error: { code: 'RANGE_NOT_SATISFIABLE' },
  });
});

test('a range of another version is answered with all of this one', async () => {
  expect((await get({ range: 'bytes=0-5', 'if-range': tag })).status).toBe(206);
  expect((await get({ range: 'bytes=0-5', 'if-range': '"older"' })).status).toBe(200);
});

test('what the client has is not sent again', async () => {
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const { status, body } = await get({ 'if-none-match': known });
    expect([known, status, body.length]).toEqual([known, 304, 0]);
  }
  expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
});

test('HEAD says the same without the bytes, and knows no range', async () => {
  const { status, headers, body } = await get({ range: 'bytes=0-5' }, 'HEAD');
  expect([status, headers.get('content-length'), body.length]).toEqual([200, String(SIZE), 0]);
});

test('an empty file', async () => {
  const { id } = await artifact('');
  const { status, headers, body } = await get({}, 'GET', `/api/artifacts/${id}`);
  expect([status, headers.get('content-length'), body.length]).toEqual([200, '0', 0]);
});

test('a file whose bytes are lost is an error in the envelope, and not half an answer', async () => {
  const { id, blob } = await artifact('lost');
  await world.blobs.remove(blob);
  const { status, error, headers } = await api.call('GET', `/api/artifacts/${id}`);
  expect([status, error?.code]).toEqual([500, 'INTERNAL']);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(api.problems.splice(0)).toHaveLength(1);
});

test('a client that goes away in the middle is nothing to tell about', async () => {
  const { id } = await artifact('x'.repeat(20_000_000));
  const leave = new AbortController();
  const answer = await fetch(new URL(`/api/artifacts/${id}`, api.url), { signal: leave.signal });
  await answer.body?.getReader().read();
  leave.abort();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(api.problems).toEqual([]);
});

test('others’ artifacts are not there', async () => {
  const other = '7d1c7a52-3f55-4a0a-9d0e-2f0d6c1c0e11';
  await world.db.users.create({ data: { id: other, email: 'other@example.org' } });
  const theirs = await mountApi(world, { as: other });
  expect((await theirs.call('GET', href)).status).toBe(404);
  expect((await theirs.call('GET', `${href}/link`)).status).toBe(404);
});

interface Link {
  readonly url: string;
  readonly expires_at: string | null;
}

test('the link to a file in a folder is its own address, which asks who comes', async () => {
  const { status, data, headers } = await api.call<Link>('GET', `${href}/link`);
  expect([status, data]).toEqual([200, { url: href, expires_at: null }]);
  expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
  expect((await api.download(data.url)).toString()).toBe(BYTES);
});

test('there is no link to bytes that are lost', async () => {
  const { id, blob } = await artifact('lost');
  await world.blobs.remove(blob);
  expect((await api.call('GET', `/api/artifacts/${id}/link`)).status).toBe(500);
  expect(api.problems.splice(0)).toHaveLength(1);
});

describeWithS3()('in a bucket', () => {
  let server: S3Server;
  let inBucket: WorldApi;
  let id: string;
  let blob: string;

  beforeAll(async () => {
    server = await startS3();
    const folder = path.join(world.folder, 'blob-cache');
    const blobs = s3Blobs({ ...(await server.createBucket()), prefix: '', folder });
    inBucket = await mountApi(world, { blobs });
    ({ id, blob } = await artifact(BYTES, blobs));
  }, 30_000);
  afterAll(() => server.stop());

  test('the bytes are the same, and so is a range of them', async () => {
    expect((await inBucket.download(`/api/artifacts/${id}`)).toString()).toBe(BYTES);
    const headers = { range: 'bytes=8-' };
    const answer = await fetch(new URL(`/api/artifacts/${id}`, inBucket.url), { headers });
    expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([
      ...[206, Buffer.from(BYTES).subarray(8)],
    ]);
  });

  test('the link opens them without an account, as an attachment, for a quarter of an hour', async () => {
    const asked = Date.now();
    const { status, data, headers } = await inBucket.call<Link>('GET', `/api/artifacts/${id}/link`);
    expect([status, headers.get('cache-control'), headers.get('etag')]).toEqual([200, 'no-store', null]);
    expect(data.url).toContain(blob);
    const openMs = Date.parse(data.expires_at!) - asked;
    expect(Math.round(openMs / 60_000)).toBe(15);
    const answer = await fetch(data.url);
    expect([answer.status, await answer.text()]).toEqual([200, BYTES]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/vtt; charset=utf-8',
      'content-disposition': `attachment; filename="Bl_tter 1.vtt"; filename*=UTF-8''Bl%C3%A4tter%201.vtt`,
    });
  });

  test('an upload is there, and is examined', async () => {
    const form = new FormData();
    form.set('file', new Blob(['Plates move.']), 'plates.txt');
    const { status, data } = await inBucket.call<{ kind: string }>('POST', '/api/content/uploads', form);
    expect([status, data.kind]).toEqual([201, 'text']);
  });

  test('while it is away, nothing is half an answer', async () => {
    await server.stop();
    for (const path of [`/api/artifacts/${id}`, `/api/artifacts/${id}/link`]) {
      const { status, headers } = await inBucket.call('GET', path);
      expect(status).toBe(503);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }
    inBucket.problems.splice(0);
  });
});
