/** Uploads: what is taken, what is refused at once, and that nothing of a refused one stays. */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import JSZip from 'jszip';
import { MAX_UPLOAD_BYTES, mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import { createWorld, type World } from '../../testing/world';

let world: World;
let api: WorldApi;
let otherZip: ArrayBuffer;

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
  otherZip = await new JSZip()
    .file('notes.txt', 'nothing that is read')
    .generateAsync({ type: 'arraybuffer' });
});
afterAll(() => world.close());

/** Every file below the blob folder, the unfinished ones too. */
async function blobFiles(): Promise<string[]> {
  const entries = await readdir(path.join(world.folder, 'blobs'), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function form(parts: Record<string, string | Blob>, fileName = 'lecture.wav'): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === 'string') data.set(name, value);
    else data.set(name, value, fileName);
  }
  return data;
}

const tone = media(['-f', 'lavfi', '-i', 'sine=duration=1', '-ar', '16000'], 'wav');
const wav = (): Blob => new Blob([tone]);
const noise = (size: number): Blob => new Blob([Buffer.concat([tone, Buffer.alloc(size - tone.length, 7)])]);

const BOUNDARY = 'boundary';
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`;

/** A multipart request by hand, chunked unless a length is given. */
function openUpload(headers: Record<string, string> = {}): ClientRequest {
  const sent = httpRequest(new URL('/api/content/uploads', api.url), {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
  });
  sent.on('error', () => undefined);
  return sent;
}

async function answerOf(sent: ClientRequest) {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { error } = JSON.parse(Buffer.concat(chunks).toString()) as {
    error: { code: string; details: object };
  };
  return { status: answer.statusCode, ...error };
}

describe('taken', () => {
  test('a recording, with what is known of it', async () => {
    const { status, data, headers } = await api.call<{ id: string }>(
      ...([
        'POST',
        '/api/content/uploads',
        form({ title: ' Leaves ', language: 'en', file: wav() }),
      ] as const),
    );
    expect([status, headers.get('location')]).toEqual([201, `/api/content/${data.id}`]);
    const known = {
      ...{
        kind: 'audio',
        title: 'Leaves',
        file_name: 'lecture.wav',
        media_type: 'audio/wav',
        language: 'en',
      },
      ...{ id: data.id, bytes: tone.length, created_at: expect.any(String) },
    };
    expect(data).toEqual(known);
    expect((await api.call('GET', `/api/content/${data.id}`)).data).toEqual(known);
  });

  test('fields behind the file count too', async () => {
    const { data } = await api.call('POST', '/api/content/uploads', form({ file: wav(), title: 'After' }));
    expect(data).toMatchObject({ title: 'After' });
  });

  test.each([
    ['../../etc/passwd.wav', 'passwd.wav', 'passwd'],
    ['C:\\Users\\me\\Größe 1.wav', 'Größe 1.wav', 'Größe 1'],
    ['.wav', '.wav', '.wav'],
    ['', 'upload', 'upload'],
  ])('the file name %s is shown as %s and never a path', async (given, file_name, title) => {
    const { data } = await api.call('POST', '/api/content/uploads', form({ file: wav() }, given));
    expect(data).toMatchObject({ file_name, title });
  });

  test('its kind is by its content, whatever its name', async () => {
    const { data } = await api.call(
      'POST',
      '/api/content/uploads',
      form({ file: new Blob(['words']) }, 'a.mp3'),
    );
    expect(data).toMatchObject({ kind: 'text', media_type: 'text/plain' });
  });

  test.each([
    ['mjpeg', 'image/jpeg'],
    ['png', 'image/png'],
    ['webp', 'image/webp'],
  ])('a photo: %s', async (codec, media_type) => {
    const photo = media(
      ['-f', 'lavfi', '-i', 'testsrc=s=64x48', '-frames:v', '1', '-c:v', codec],
      'image2pipe',
    );
    const { status, data } = await api.call(
      'POST',
      '/api/content/uploads',
      form({ file: new Blob([photo]) }),
    );
    expect([status, data]).toEqual([201, expect.objectContaining({ kind: 'photo', media_type })]);
  });

  test('a document, by what is in it', async () => {
    const office = new JSZip().file('[Content_Types].xml', '<Types/>').file('ppt/presentation.xml', '<x/>');
    const file = new Blob([await office.generateAsync({ type: 'arraybuffer' })]);
    const { data } = await api.call('POST', '/api/content/uploads', form({ file }, 'deck.zip'));
    expect(data).toMatchObject({ kind: 'document', media_type: expect.stringMatching(/presentation$/) });
  });

  test('exactly the limit', async () => {
    const { status } = await api.call(
      'POST',
      '/api/content/uploads',
      form({ file: noise(MAX_UPLOAD_BYTES) }),
    );
    expect(status).toBe(201);
  });

  test('the same bytes twice: two rows, one blob', async () => {
    const before = await blobFiles();
    const [one, two] = [await api.upload(tone, 'one.wav'), await api.upload(tone, 'two.wav')];
    expect(one).not.toBe(two);
    expect(await blobFiles()).toEqual(before);
  });
});

describe('refused at once, and nothing stays', () => {
  let before: string[];
  beforeEach(async () => {
    before = await blobFiles();
  });
  afterEach(async () => {
    expect(await blobFiles()).toEqual(before);
    expect(api.problems).toEqual([]);
  });

  const upload = async (body: FormData | object) => {
    const { status, error } = await api.call('POST', '/api/content/uploads', body);
    return [status, error?.code, error?.details['field'] ?? null, typeof error?.details['hint']];
  };
  const empty = () => new Blob([]);
  const picture = () => new Blob([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')]);

  test.each<[string, () => object, number, string, string | null]>([
    ['an empty file', () => form({ file: empty() }), 422, 'EMPTY_UPLOAD', 'file'],
    [
      'a moving picture called .mp3',
      () => form({ file: new Blob(['GIF89a\0\0']) }, 'a.mp3'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'file',
    ],
    ['a photo that is cut', () => form({ file: picture() }, 'a.mp3'), 422, 'FILE_DAMAGED', 'file'],
    [
      'an archive of no known kind',
      () => form({ file: new Blob([otherZip]) }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'file',
    ],
    ['no file', () => form({ title: 'x' }), 422, 'NO_FILE', 'file'],
    ['a file under another name', () => form({ photo: wav() }), 422, 'NO_FILE', 'file'],
    ['no form', () => ({ file: 'x' }), 415, 'NOT_MULTIPART', null],
    ['a title that is none', () => form({ file: wav(), title: ' ' }), 422, 'INVALID_INPUT', 'title'],
    [
      'a language that is none',
      () => form({ file: picture2(), language: 'English!' }),
      422,
      'INVALID_INPUT',
      'language',
    ],
    ['a NUL in the title', () => form({ file: picture2(), title: 'a\0b' }), 422, 'INVALID_INPUT', 'title'],
  ])('%s', async (_what, body, status, code, field) => {
    expect(await upload(body())).toEqual([status, code, field, 'string']);
  });
  /** A text that no other test hands in, so that its blob would be seen. */
  const picture2 = () => new Blob(['words that nobody else has']);

  test('several files', async () => {
    const body = form({ file: new Blob(['the first of two files']) });
    body.append('file', new Blob(['the second']), 'b.txt');
    expect(await upload(body)).toEqual([422, 'SEVERAL_FILES', 'file', 'string']);
  });

  test('a file over the limit whose length is said before it comes', async () => {
    const sent = openUpload({ 'content-length': String(MAX_UPLOAD_BYTES * 10) });
    sent.write(HEAD);
    expect(await answerOf(sent)).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
      details: { field: 'file' },
    });
    sent.destroy();
  });

  test('a file over the limit by one byte', async () => {
    expect(await upload(form({ file: noise(MAX_UPLOAD_BYTES + 1) }))).toEqual([
      413,
      'TOO_LARGE',
      'file',
      'string',
    ]);
  });

  test('an endless one that is streamed in chunks, before it ends', async () => {
    const sent = openUpload();
    sent.write(HEAD);
    sent.write(tone);
    const chunk = Buffer.alloc(65_536, 7);
    const pour = setInterval(() => sent.write(chunk), 2);
    try {
      expect(await answerOf(sent)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    } finally {
      clearInterval(pour);
      sent.destroy();
    }
  });

  test.each([
    ['a form that ends within the file', `${HEAD}RIFF0000WAVEfmt some bytes`],
    ['a form that ends within a header', `--${BOUNDARY}\r\nContent-Dispo`],
    ['a body that is no form', 'nothing of the kind'],
    ['a form that ends within another file', `${HEAD.replace('name="file"', 'name="other"')}bytes`],
  ])('%s', async (_what, body) => {
    const sent = openUpload();
    sent.end(body);
    expect(await answerOf(sent)).toMatchObject({ status: 400, code: 'MALFORMED_FORM' });
  });

  test('a form without a boundary', async () => {
    const sent = openUpload({ 'content-type': 'multipart/form-data' });
    sent.end(HEAD);
    expect(await answerOf(sent)).toMatchObject({ status: 400, code: 'MALFORMED_FORM' });
  });

  test.each([
    ['before the file is known', 20],
    ['in the middle of the file', 30_000],
  ])('a client that goes away %s', async (_what, bytes) => {
    const sent = openUpload();
    sent.write(HEAD);
    sent.write(tone.subarray(0, bytes));
    await new Promise((resolve) => setTimeout(resolve, 150));
    sent.destroy();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await blobFiles()).toEqual(before);
  });
});

describe('lists', () => {
  test('newest first, page by page, each once, while new ones come in', async () => {
    const own = await createWorld();
    const fresh = await mountApi(own);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await fresh.upload(Buffer.from(`text ${n}`), `${n}.txt`));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const page = await fresh.call<{ items: { id: string }[]; next_cursor: string | null }>(
        'GET',
        `/api/content?limit=2${query}`,
      );
      seen.push(...page.data.items.map(({ id }) => id));
      cursor = page.data.next_cursor;
      await fresh.upload(Buffer.from('one more'), 'more.txt');
    } while (cursor);
    expect(seen).toEqual(ids);
    await own.close();
  });

  test('others’ things are not there', async () => {
    const id = await api.upload(tone, 'mine.wav');
    const other = '7d1c7a52-3f55-4a0a-9d0e-2f0d6c1c0e11';
    await world.db.users.create({ data: { id: other, email: 'other@example.org' } });
    const theirs = await mountApi(world, { as: other });
    expect((await theirs.call('GET', `/api/content/${id}`)).status).toBe(404);
    expect((await theirs.call('GET', '/api/content')).data).toEqual({ items: [], next_cursor: null });
    const { status, error } = await theirs.call('POST', '/api/jobs', {
      type: 'transcribe',
      input: { source_id: id },
    });
    expect([status, error?.code, error?.details['field']]).toEqual([404, 'NOT_FOUND', 'input.source_id']);
  });
});
