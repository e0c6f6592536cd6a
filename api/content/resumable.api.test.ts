/** Uploads in parts: with the protocol's own client, and by hand where that is too well-behaved. */
import { randomUUID } from 'node:crypto';
import { readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Upload, type UploadOptions } from 'tus-js-client';
import { uuidOf } from '../../prisma/ids';
import { MAX_UPLOAD_BYTES, mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import { createWorld, type World } from '../../testing/world';
import { diskPartialUploads, startSweepingUploads, type PartialUploads } from './partial-uploads';

const BASE = '/api/content/uploads/resumable';
const tone = media(['-f', 'lavfi', '-i', 'sine=duration=3', '-ar', '16000'], 'wav');
const TUS = { 'tus-resumable': '1.0.0' };
const PART = { ...TUS, 'content-type': 'application/offset+octet-stream' };

let world: World;
let partials: PartialUploads;
let api: WorldApi;
const uploads = () => path.join(world.folder, 'uploads');

beforeAll(async () => {
  world = await createWorld();
  partials = diskPartialUploads(uploads());
  api = await mountApi(world, { partials });
});
beforeEach(async () => {
  await rm(uploads(), { recursive: true, force: true });
  await api.deps.buckets.forget(`user:${world.owner_id}`);
});
afterEach(() => expect(api.problems.splice(0)).toEqual([]));
afterAll(() => world.close());

const files = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
const left = () => files(uploads());
const blobs = () => files(path.join(world.folder, 'blobs'));

const metadata = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
  readonly from?: WorldApi;
}

/** What the envelope holds, where there is one. */
async function send(method: string, url: string, { headers = TUS, body, from = api }: Sent = {}) {
  const answer = await fetch(new URL(url, from.url), { method, headers, body: body && new Uint8Array(body) });
  const text = await answer.text();
  const { data, error } = text ? JSON.parse(text) : { data: undefined, error: undefined };
  return { status: answer.status, headers: answer.headers, data, error };
}

async function begin(length: number, fields: Record<string, string> = {}, from = api): Promise<string> {
  const given = Object.keys(fields).length > 0 && { 'upload-metadata': metadata(fields) };
  const headers = { ...TUS, 'upload-length': String(length), ...given };
  const { status, headers: answered } = await send('POST', BASE, { headers, from });
  expect(status).toBe(201);
  return String(answered.get('location'));
}

const append = (url: string, offset: number, body: Buffer, more: Sent = {}) =>
  send('PATCH', url, { body, headers: { ...PART, 'upload-offset': String(offset) }, ...more });

const idIn = (url: string): string => url.slice(-36);
const contentOf = async (location: string | null) =>
  (await api.call<{ id: string; bytes: number }>('GET', String(location))).data;

describe('with the client that the protocol has', () => {
  const client = (options: UploadOptions, bytes = tone) =>
    new Promise<Upload>((resolve, reject) => {
      const upload = new Upload(bytes, {
        ...{ endpoint: new URL(BASE, api.url).href, uploadSize: bytes.length, chunkSize: 20_000 },
        ...{ retryDelays: null, onSuccess: () => resolve(upload), onError: reject },
        ...options,
      });
      upload.start();
    });

  test('in parts, broken off and resumed by a new client; its bytes are the file’s', async () => {
    let first: Upload | undefined;
    const url = await new Promise<string>((resolve) => {
      first = new Upload(tone, {
        ...{ endpoint: new URL(BASE, api.url).href, uploadSize: tone.length, chunkSize: 20_000 },
        metadata: { filename: 'C:\\my\\Biology 1.wav', language: 'en', filetype: 'audio/wav' },
        onChunkComplete: (_size, accepted) => {
          if (accepted >= 40_000) void first?.abort().then(() => resolve(String(first?.url)));
        },
      });
      first.start();
    });
    const { data: halfway } = await send('GET', url);
    expect(halfway).toMatchObject({ length: tone.length, content_id: null });
    expect(halfway.offset).toBeGreaterThanOrEqual(40_000);
    expect(halfway.offset).toBeLessThan(tone.length);

    let location: string | undefined;
    await client({
      endpoint: undefined,
      uploadUrl: url,
      uploadSize: tone.length,
      onAfterResponse: (_request, answer) =>
        void (location = answer.getHeader('Content-Location') ?? location),
    });
    const content = await contentOf(String(location));
    expect(content).toMatchObject({
      ...{ kind: 'audio', media_type: 'audio/wav', bytes: tone.length, language: 'en' },
      ...{ title: 'Biology 1', file_name: 'Biology 1.wav' },
    });
    const { blob } = await world.db.content.findUniqueOrThrow({ where: { id: content.id } });
    expect((await world.blobs.read(blob)).equals(tone)).toBe(true);
    expect(await left()).toEqual([]);
  });

  test('whole in the request that begins it', async () => {
    const upload = await client({ uploadDataDuringCreation: true, chunkSize: tone.length });
    const { data } = await send('GET', String(upload.url));
    expect(data).toEqual({
      ...{ id: idIn(String(upload.url)), offset: tone.length, length: tone.length },
      ...{ expires_at: null, content_id: uuidOf('content', idIn(String(upload.url))) },
    });
  });

  test('given up in the middle: nothing stays', async () => {
    const url = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(tone, {
        ...{ endpoint: new URL(BASE, api.url).href, chunkSize: 20_000, onError: reject },
        onChunkComplete: () => void upload.abort(true).then(() => resolve(String(upload.url)), reject),
      });
      upload.start();
    });
    expect((await send('GET', url)).status).toBe(404);
    expect(await left()).toEqual([]);
  });
});

describe('a part at a time', () => {
  test('each answer says where it stands; the last what it has become', async () => {
    const url = await begin(tone.length, { title: 'Leaves' });
    const head = await send('HEAD', url);
    expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([
      ...[200, '0', String(tone.length)],
    ]);
    expect(head.headers.get('upload-metadata')).toBe(metadata({ title: 'Leaves' }));
    expect(head.headers.get('cache-control')).toBe('no-store');
    const one = await append(url, 0, tone.subarray(0, 50_000));
    expect([one.status, one.headers.get('upload-offset'), one.headers.get('content-location')]).toEqual([
      ...[204, '50000', null],
    ]);
    expect(Date.parse(String(one.headers.get('upload-expires')))).toBeGreaterThan(Date.now());
    const two = await append(url, 50_000, tone.subarray(50_000));
    expect([two.status, two.headers.get('upload-offset')]).toEqual([204, String(tone.length)]);
    const location = two.headers.get('content-location');
    expect(await contentOf(location)).toMatchObject({ title: 'Leaves', file_name: 'upload' });

    // The answer may have been lost: whoever asks again, in any way, learns the same.
    for (const again of [await send('HEAD', url), await append(url, tone.length, Buffer.alloc(0))])
      expect([again.headers.get('upload-offset'), again.headers.get('content-location')]).toEqual([
        ...[String(tone.length), location],
      ]);
    expect((await append(url, 50_000, tone.subarray(50_000))).error?.code).toBe('OFFSET_CONFLICT');
    expect((await send('DELETE', url)).error?.code).toBe('CONFLICT');
    expect(await world.db.content.count({ where: { id: String(location).slice(-36) } })).toBe(1);
  });

  test('every answer has an id, a budget and the protocol’s version', async () => {
    const url = await begin(10);
    for (const { headers } of [await send('HEAD', url), await append(url, 3, Buffer.alloc(1))]) {
      expect(headers.get('x-request-id')).toMatch(/.{36}/);
      expect(headers.get('x-ratelimit-limit')).toBe('1000');
      expect(headers.get('tus-resumable')).toBe('1.0.0');
    }
  });

  test('OPTIONS tells what is possible', async () => {
    const { status, headers } = await send('OPTIONS', BASE, { headers: {} });
    expect(status).toBe(204);
    expect(headers.get('tus-version')).toBe('1.0.0');
    expect(headers.get('tus-extension')).toBe('creation,creation-with-upload,expiration,termination');
    expect(headers.get('tus-max-size')).toBe(String(MAX_UPLOAD_BYTES));
  });

  test('the API starts anew in the middle', async () => {
    const url = await begin(tone.length);
    await append(url, 0, tone.subarray(0, 50_000));
    const from = await mountApi(world, { partials: diskPartialUploads(uploads()) });
    const head = await send('HEAD', url, { from });
    expect(head.headers.get('upload-offset')).toBe('50000');
    const { headers } = await append(url, 50_000, tone.subarray(50_000), { from });
    expect(await contentOf(headers.get('content-location'))).toMatchObject({ bytes: tone.length });
  });

  test('the same beginning twice, by its key, is one upload', async () => {
    const headers = { ...TUS, 'upload-length': '10', 'idempotency-key': randomUUID() };
    const [one, two] = [await send('POST', BASE, { headers }), await send('POST', BASE, { headers })];
    expect([one.status, two.status, two.headers.get('location')]).toEqual([
      ...[201, 200, one.headers.get('location')],
    ]);
  });

  test('a line that falls keeps what came; what comes after waits for it and goes on', async () => {
    const url = await begin(tone.length);
    const open = httpRequest(new URL(url, api.url), {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '0', 'content-length': tone.length },
    });
    open.on('error', () => undefined);
    open.write(tone.subarray(0, 30_000));
    for (let offset = 0; offset < 30_000;) offset = (await send('GET', url)).data.offset;
    // It neither sends nor hangs up: a connection that is dead without knowing it.
    const head = await send('HEAD', url);
    expect(head.headers.get('upload-offset')).toBe('30000');
    const { headers } = await append(url, 30_000, tone.subarray(30_000));
    const { blob } = await world.db.content.findUniqueOrThrow({
      where: { id: String(headers.get('content-location')).slice(-36) },
    });
    expect((await world.blobs.read(blob)).equals(tone)).toBe(true);
    open.destroy();
  });

  test('many at once for the same part: one is taken, the file is what was sent', async () => {
    const url = await begin(tone.length);
    const answers = await Promise.all([1, 2, 3, 4].map(() => append(url, 0, tone)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409]);
    const { data } = await send('GET', url);
    const { blob } = await world.db.content.findUniqueOrThrow({ where: { id: data.content_id } });
    expect((await world.blobs.read(blob)).equals(tone)).toBe(true);
  });
});

describe('whole on the disk, and no row: a crash between', () => {
  const crashed = async (bytes = tone) => {
    const key = { owner_id: world.owner_id, id: randomUUID() };
    await partials.create(key, { length: bytes.length, metadata: { filename: 'crash.wav' } });
    await partials.append(key, Readable.from([bytes]), 0);
    return { key, url: `${BASE}/${key.id}`, id: uuidOf('content', key.id) };
  };

  test.each<[string, (url: string) => ReturnType<typeof send>]>([
    ['HEAD', (url) => send('HEAD', url)],
    ['GET', (url) => send('GET', url)],
    ['PATCH', (url) => append(url, tone.length, Buffer.alloc(0))],
  ])('%s finishes it', async (_method, ask) => {
    const { url, id } = await crashed();
    expect((await ask(url)).headers.get('content-location')).toBe(`/api/content/${id}`);
    expect(await contentOf(`/api/content/${id}`)).toMatchObject({ file_name: 'crash.wav' });
    expect(await left()).toEqual([]);
  });

  test('many that ask at once, through two processes, make one', async () => {
    const { url, id } = await crashed();
    const other = await mountApi(world, { partials: diskPartialUploads(uploads()) });
    const asked = [api, other, api, other].map((from) => send('HEAD', url, { from }));
    for (const { headers } of await Promise.all(asked))
      expect(headers.get('content-location')).toBe(`/api/content/${id}`);
    expect(await world.db.content.count({ where: { id } })).toBe(1);
  });

  test('a disk that is full meanwhile: the bytes wait until somebody asks again', async () => {
    const { url, id } = await crashed();
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const from = await mountApi(world, {
      partials,
      blobs: { ...world.blobs, put: () => Promise.reject(full) },
    });
    expect((await send('GET', url, { from })).error?.code).toBe('DISK_FULL');
    expect((await send('HEAD', url)).headers.get('content-location')).toBe(`/api/content/${id}`);
  });

  test('and the row written, but the bytes not yet removed', async () => {
    const { key, url, id } = await crashed();
    await send('HEAD', url);
    await partials.create(key, { length: tone.length, metadata: {} });
    await partials.append(key, Readable.from([tone]), 0);
    expect((await send('HEAD', url)).headers.get('content-location')).toBe(`/api/content/${id}`);
    expect(await left()).toEqual([]);
  });
});

describe('refused', () => {
  const told = ({ status, error }: Awaited<ReturnType<typeof send>>) => {
    expect([error?.message, error?.details.hint]).toEqual([
      expect.stringMatching(/^[A-Z]/),
      expect.stringMatching(/^\S/),
    ]);
    return [status, error?.code];
  };
  const length = (bytes: number | string) => ({ ...TUS, 'upload-length': String(bytes) });

  test.each<[string, Record<string, string>, number, string]>([
    ['no version', { 'upload-length': '1' }, 412, 'TUS_VERSION'],
    ['another version', { ...length(1), 'tus-resumable': '0.2.2' }, 412, 'TUS_VERSION'],
    ['no length', TUS, 400, 'BAD_REQUEST'],
    ['a length that is none', length('many'), 400, 'BAD_REQUEST'],
    ['a length to come later', { ...TUS, 'upload-defer-length': '1' }, 422, 'NOT_SUPPORTED'],
    ['parts side by side', { ...length(1), 'upload-concat': 'partial' }, 422, 'NOT_SUPPORTED'],
    ['nothing', length(0), 422, 'EMPTY_UPLOAD'],
    ['too much', length(MAX_UPLOAD_BYTES + 1), 413, 'TOO_LARGE'],
    ['metadata that are none', { ...length(1), 'upload-metadata': 'title %%%' }, 400, 'BAD_REQUEST'],
    [
      'a title that is none',
      { ...length(1), 'upload-metadata': metadata({ title: ' ' }) },
      422,
      'INVALID_INPUT',
    ],
    [
      ...([
        'a language that is none',
        { ...length(1), 'upload-metadata': metadata({ language: '!' }) },
      ] as const),
      ...([422, 'INVALID_INPUT'] as const),
    ],
    [
      ...(['a name with a NUL', { ...length(1), 'upload-metadata': metadata({ filename: 'a\0' }) }] as const),
      ...([422, 'INVALID_INPUT'] as const),
    ],
  ])('a beginning with %s', async (_what, headers, status, code) => {
    expect(told(await send('POST', BASE, { headers }))).toEqual([status, code]);
    expect(await left()).toEqual([]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['without a version', { ...PART, 'tus-resumable': '' }, 412, 'TUS_VERSION'],
    ['at another offset', { ...PART, 'upload-offset': '5' }, 409, 'OFFSET_CONFLICT'],
    ['without an offset', PART, 400, 'BAD_REQUEST'],
    ['with an offset that is none', { ...PART, 'upload-offset': '-1' }, 400, 'BAD_REQUEST'],
    [
      'of another type',
      { ...PART, 'upload-offset': '0', 'content-type': 'text/plain' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'of JSON',
      { ...PART, 'upload-offset': '0', 'content-type': 'application/json' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('a part %s', async (_what, headers, status, code) => {
    const url = await begin(10);
    expect(told(await send('PATCH', url, { headers, body: Buffer.from('{}') }))).toEqual([status, code]);
    expect((await send('GET', url)).data.offset).toBe(0);
  });

  test('to ask or to give up without a version', async () => {
    const url = await begin(10);
    for (const method of ['HEAD', 'DELETE']) {
      const { status, headers } = await send(method, url, { headers: {} });
      expect([status, headers.get('tus-version')]).toEqual([412, '1.0.0']);
    }
    expect((await send('GET', url, { headers: {} })).status).toBe(200);
  });

  test('more than was announced, said beforehand and streamed', async () => {
    const url = await begin(10);
    expect(told(await append(url, 0, Buffer.alloc(11)))).toEqual([413, 'TOO_LARGE']);
    const endless = httpRequest(new URL(url, api.url), {
      method: 'PATCH',
      headers: { ...PART, 'upload-offset': '0' },
    });
    endless.on('error', () => undefined);
    const pour = setInterval(() => endless.write(Buffer.alloc(65_536)), 2);
    const status = await new Promise((resolve) =>
      endless.once('response', (answer) => resolve(answer.statusCode)),
    );
    clearInterval(pour);
    endless.destroy();
    expect(status).toBe(413);
    expect((await send('GET', url)).data.offset).toBeLessThanOrEqual(10);
  });

  test('a type that is not read, with its last part; and nothing stays', async () => {
    const before = await blobs();
    const url = await begin(100, { filename: 'a.wav' });
    await append(url, 0, Buffer.alloc(60));
    expect(told(await append(url, 60, Buffer.alloc(40)))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(told(await send('GET', url))).toEqual([404, 'NOT_FOUND']);
    expect([await left(), await blobs()]).toEqual([[], before]);
  });

  test('a photo that is damaged, with its last part; and nothing stays', async () => {
    const before = await blobs();
    const picture = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
    const url = await begin(picture.length);
    expect(told(await append(url, 0, picture))).toEqual([422, 'FILE_DAMAGED']);
    expect([await left(), await blobs()]).toEqual([[], before]);
  });

  test('another’s upload is not there', async () => {
    const url = await begin(10);
    const other = await world.db.users.create({ data: { id: randomUUID(), email: 'tus@example.org' } });
    const from = await mountApi(world, { as: other.id, partials });
    for (const method of ['GET', 'DELETE', 'PATCH'])
      expect(told(await send(method, url, { from, headers: { ...PART, 'upload-offset': '0' } }))).toEqual([
        ...[404, 'NOT_FOUND'],
      ]);
    expect((await send('HEAD', url, { from })).status).toBe(404);
    await append(url, 0, Buffer.from('ten bytes.'));
    expect((await send('HEAD', url, { from })).status).toBe(404);
    expect((await send('HEAD', url)).status).toBe(200);
  });

  test('too many unfinished ones, begun at the same moment too', async () => {
    const headers = length(10);
    const answers = await Promise.all(Array.from({ length: 23 }, () => send('POST', BASE, { headers })));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(told)).toEqual(Array.from({ length: 3 }, () => [409, 'TOO_MANY_UPLOADS']));
    const [one] = answers.filter(({ status }) => status === 201);
    expect((await send('DELETE', String(one?.headers.get('location')))).status).toBe(204);
    expect((await send('POST', BASE, { headers })).status).toBe(201);
  });

  test('a disk that is full; what was sent before can go on', async () => {
    const url = await begin(10);
    const file = path.join(uploads(), world.owner_id, idIn(url));
    await rm(file);
    await symlink('/dev/full', file);
    expect(told(await append(url, 0, Buffer.alloc(10, 'a')))).toEqual([507, 'DISK_FULL']);
    await rm(file);
    await writeFile(file, '');
    expect((await append(url, 0, Buffer.alloc(10, 'a'))).status).toBe(204);
  });
});

describe('a day later', () => {
  const DAY_AGO = new Date(Date.now() - 24 * 3600 * 1000 - 1000);
  const age = (file: string) => utimes(path.join(uploads(), world.owner_id, file), DAY_AGO, DAY_AGO);

  test('an unfinished upload is not there any more, and does not count', async () => {
    const url = await begin(10);
    await age(`${idIn(url)}.json`);
    expect((await send('HEAD', url)).status).toBe(404);
    expect((await append(url, 0, Buffer.alloc(1))).error?.details.hint).toContain('day');
    for (let n = 0; n < 20; n++) await begin(10);
  });

  test('the sweep takes it, what a crash left of one, and nothing else', async () => {
    const [old, young] = [await begin(10), await begin(10)];
    for (const name of ['lost', 'lost.new']) {
      await writeFile(path.join(uploads(), world.owner_id, name), '');
      await age(name);
    }
    await age(`${idIn(old)}.json`);
    await age(idIn(young));
    await partials.sweep();
    expect((await left()).sort()).toEqual([idIn(young), `${idIn(young)}.json`]);
  });

  test('sweeping goes on by itself, also after it failed, until it is stopped', async () => {
    const swept = async (file: string) => {
      while ((await left()).includes(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const errors: unknown[] = [];
    await writeFile(uploads(), 'no folder');
    const sweeping = startSweepingUploads(partials, { everyMs: 10, onError: (error) => errors.push(error) });
    while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await rm(uploads());
    for (const url of [await begin(10), await begin(10)]) {
      await age(`${idIn(url)}.json`);
      await swept(idIn(url));
    }
    sweeping.stop();
    expect(errors[0]).toMatchObject({ code: 'ENOTDIR' });
  });
});

test('a large file that is refused is not held open', async () => {
  const bytes = Buffer.alloc(300_000, 0xfe);
  const url = await begin(bytes.length);
  expect((await append(url, 0, bytes)).status).toBe(415);
  if (process.platform !== 'linux') return;
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(open.filter((file) => file.startsWith(uploads()))).toEqual([]);
});

test('one key for two different files is refused', async () => {
  const beginWith = (length: string) =>
    send('POST', BASE, { headers: { ...TUS, 'upload-length': length, 'idempotency-key': 'two-files' } });
  expect((await beginWith('10')).status).toBe(201);
  expect((await beginWith('10')).headers.get('idempotency-replayed')).toBe('true');
  expect(await beginWith('20')).toMatchObject({ status: 422, error: { code: 'INVALID_INPUT' } });
});
