import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { diskBlobs, type Blobs } from './blobs';

let folder: string;
let blobs: Blobs;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-blobs-'));
  blobs = diskBlobs(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Every file in the store, finished or not. */
async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

const read = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const MEGABYTE = randomBytes(1_000_000);

/** Gives chunks until `after` of them, then does `next`. */
const streamThat = (after: number, next: () => void): Readable => {
  let given = 0;
  return new Readable({
    read() {
      given += 1;
      if (given > after) next.call(this);
      else this.push(MEGABYTE);
    },
  });
};

test.each([
  ['bytes', MEGABYTE, MEGABYTE],
  ['a text', 'grüezi', Buffer.from('grüezi')],
  ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
])('keeps %s under the name of its content', async (_what, data, bytes) => {
  const stored = await blobs.put(data);
  expect(stored).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
  expect(await blobs.read(stored.sha256)).toEqual(bytes);
  expect(await blobs.size(stored.sha256)).toBe(bytes.length);
  expect(await readFile(await blobs.file(stored.sha256))).toEqual(bytes);
});

test('keeps a stream, and is the same blob as its bytes', async () => {
  const chunks = Array.from({ length: 50 }, () => randomBytes(10_007));
  const [streamed, whole] = await Promise.all([
    blobs.put(Readable.from(chunks)),
    blobs.put(Buffer.concat(chunks)),
  ]);
  expect(streamed).toEqual(whole);
  expect(await files()).toHaveLength(1);
});

test('is written once by many at once', async () => {
  const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(MEGABYTE)));
  expect(new Set(stored.map((blob) => blob.sha256)).size).toBe(1);
  expect(await files()).toHaveLength(1);
  expect(await blobs.read(stored[0]!.sha256)).toEqual(MEGABYTE);
});

test('leaves nothing behind when the source fails midway', async () => {
  const failing = streamThat(3, function (this: Readable) {
    this.destroy(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  });
  await expect(blobs.put(failing)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(await files()).toEqual([]);
});

test('reports a source that fails before the first byte', async () => {
  const failing = new Readable({ read() {} });
  failing.destroy(new Error('hung up'));
  await expect(blobs.put(failing)).rejects.toThrow('hung up');
  expect(await files()).toEqual([]);
});

test('leaves nothing behind when the caller gives up', async () => {
  const controller = new AbortController();
  const stalled = streamThat(3, () => controller.abort());
  await expect(blobs.put(stalled, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(await files()).toEqual([]);
  expect(stalled.destroyed).toBe(true);
  await expect(blobs.put('late', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(await files()).toEqual([]);
});

test('shows a blob only when all of it is there', async () => {
  const expected = sha256(Buffer.concat([MEGABYTE, MEGABYTE, MEGABYTE]));
  const seen: (number | undefined)[] = [];
  const watched = Readable.from(
    (async function* () {
      for (let part = 0; part < 3; part += 1) {
        yield MEGABYTE;
        seen.push(await blobs.size(expected));
      }
    })(),
  );
  await blobs.put(watched);
  expect(seen).toEqual([undefined, undefined, undefined]);
  expect(await blobs.size(expected)).toBe(3_000_000);
});

test('streams a range, both ends included', async () => {
  const { sha256: name } = await blobs.put('0123456789');
  expect(String(await read(blobs.stream(name)))).toBe('0123456789');
  expect(String(await read(blobs.stream(name, { start: 2, end: 4 })))).toBe('234');
  expect(String(await read(blobs.stream(name, { start: 9, end: 100 })))).toBe('9');
});

test('says what is not there', async () => {
  const nowhere = sha256(Buffer.from('nobody wrote this'));
  expect(await blobs.size(nowhere)).toBeUndefined();
  await expect(blobs.read(nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(read(blobs.stream(nowhere))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('removes, also what is gone', async () => {
  const { sha256: name } = await blobs.put('short-lived');
  await blobs.remove(name);
  expect(await blobs.size(name)).toBeUndefined();
  await blobs.remove(name);
});

test('a store that cannot be reached says so instead of "not there"', async () => {
  const { sha256: name } = await blobs.put('x');
  const broken = diskBlobs(path.join(folder, name.slice(0, 2), name.slice(2)));
  await expect(broken.size(name)).rejects.toMatchObject({ code: 'ENOTDIR' });
});
