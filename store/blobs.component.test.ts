/** One contract, two stores: a folder, and a bucket of a real server. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describeWithS3, startS3, type S3Server } from '../testing/s3-server';
import { diskBlobs, type Blobs } from './blobs';
import { incomingIn } from './incoming';
import { s3Blobs } from './s3-blobs';

interface Tried {
  readonly blobs: Blobs;
  /** The names of all that is kept, and of what is left of anything else. */
  kept(): Promise<string[]>;
}

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
};

let folder: string;
let server: S3Server | undefined;
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'lm-blobs-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => server?.stop());

async function inFolder(): Promise<Tried> {
  return { blobs: diskBlobs(folder), kept: () => filesIn(folder) };
}

async function inBucket(): Promise<Tried> {
  server ??= await startS3();
  const bucket = await server.createBucket();
  return {
    blobs: s3Blobs({ ...bucket, prefix: 'lm/', folder }),
    async kept() {
      const left = [...(await bucket.unfinished()), ...(await filesIn(incomingIn(folder)))];
      return [...(await bucket.keys()), ...left];
    },
  };
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

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

describe.each([
  ['a folder', describe, inFolder],
  ['a bucket', describeWithS3(), inBucket],
] as const)('%s', (_store, describeIfPresent, open) => {
  describeIfPresent('keeps blobs', () => {
    let blobs: Blobs;
    let kept: Tried['kept'];
    beforeEach(async () => void ({ blobs, kept } = await open()), 30_000);

    test.each([
      ['bytes', MEGABYTE, MEGABYTE],
      ['a text', 'grüezi', Buffer.from('grüezi')],
      ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
    ])('%s, under the name of its content', async (_what, data, bytes) => {
      const stored = await blobs.put(data);
      expect(stored).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
      expect(await blobs.read(stored.sha256)).toEqual(bytes);
      expect(await blobs.size(stored.sha256)).toBe(bytes.length);
      expect(await readFile(await blobs.file(stored.sha256))).toEqual(bytes);
    });

    test('of a stream, the same as of its bytes', async () => {
      const chunks = Array.from({ length: 50 }, () => randomBytes(10_007));
      const [streamed, whole] = await Promise.all([
        blobs.put(Readable.from(chunks)),
        blobs.put(Buffer.concat(chunks)),
      ]);
      expect(streamed).toEqual(whole);
      expect(await kept()).toHaveLength(1);
    });

    test('once, written by many at once', async () => {
      const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(MEGABYTE)));
      expect(new Set(stored.map((blob) => blob.sha256)).size).toBe(1);
      expect(await kept()).toHaveLength(1);
      expect(await blobs.read(stored[0]!.sha256)).toEqual(MEGABYTE);
    });

    test('and nothing when the source fails midway', async () => {
      const failing = streamThat(3, function (this: Readable) {
        this.destroy(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      });
      await expect(blobs.put(failing)).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await kept()).toEqual([]);
    });

    test('and reports a source that fails before the first byte', async () => {
      const failing = new Readable({ read() {} });
      failing.destroy(new Error('hung up'));
      await expect(blobs.put(failing)).rejects.toThrow('hung up');
      expect(await kept()).toEqual([]);
    });

    test('and nothing when the caller gives up', async () => {
      const controller = new AbortController();
      const reason = new Error('the user went away');
      const stalled = streamThat(3, () => controller.abort(reason));
      await expect(blobs.put(stalled, controller.signal)).rejects.toBe(reason);
      expect(await kept()).toEqual([]);
      expect(stalled.destroyed).toBe(true);
      const late = blobs.put('late', AbortSignal.abort());
      await expect(late).rejects.toMatchObject({ name: 'AbortError' });
      expect(await kept()).toEqual([]);
    });

    test('that are seen only when all of them is there', async () => {
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

    test('and streams a range of them, both ends included', async () => {
      const { sha256: name } = await blobs.put('0123456789');
      expect(String(await read(blobs.stream(name)))).toBe('0123456789');
      expect(String(await read(blobs.stream(name, { start: 2, end: 4 })))).toBe('234');
      expect(String(await read(blobs.stream(name, { start: 9, end: 100 })))).toBe('9');
      expect(String(await read(blobs.stream(name, { start: 10, end: 100 })))).toBe('');
    });

    test('and ends a stream that nobody reads to its end', async () => {
      const { sha256: name } = await blobs.put(Buffer.concat([MEGABYTE, MEGABYTE]));
      for await (const chunk of blobs.stream(name)) {
        expect((chunk as Buffer).length).toBeGreaterThan(0);
        break;
      }
      blobs.stream(name).destroy();
      expect(await blobs.size(name)).toBe(2_000_000);
    });

    test('and says what is not there', async () => {
      const nowhere = sha256(Buffer.from('nobody wrote this'));
      expect(await blobs.size(nowhere)).toBeUndefined();
      await expect(blobs.read(nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(read(blobs.stream(nowhere))).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(blobs.file(nowhere).then((file) => readFile(file))).rejects.toMatchObject({
        code: 'ENOENT',
      });
    });

    test('until they are removed, also those that are gone', async () => {
      const { sha256: name } = await blobs.put('short-lived');
      const file = await blobs.file(name);
      await blobs.remove(name);
      expect(await blobs.size(name)).toBeUndefined();
      await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
      await blobs.remove(name);
      expect(await kept()).toEqual([]);
    });
  });
});

test('a folder that cannot be reached says so instead of "not there"', async () => {
  const { sha256: name } = await diskBlobs(folder).put('x');
  const broken = diskBlobs(path.join(folder, name.slice(0, 2), name.slice(2)));
  await expect(broken.size(name)).rejects.toMatchObject({ code: 'ENOTDIR' });
});
