/** What needs no server: links are made here, and a server that is away has nothing to say. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { S3_KEYS } from '../testing/s3-server';
import { isBlobsAway } from './blobs';
import { blobsFor } from './blobs-for';

let folder: string;
beforeAll(async () => {
  Object.assign(process.env, S3_KEYS);
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-s3-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nobody listens on port 9 of this machine. */
const s3 = { bucket: 'lectures', region: 'eu-central-1', endpoint: 'http://127.0.0.1:9', prefix: 'lm/' };
const NAME = 'a'.repeat(64);
const link = { media_type: 'video/mp4', disposition: 'attachment; filename="film.mp4"', expires_s: 60 };

it('is the folder where there is no bucket', async () => {
  const { blobs, scratch } = blobsFor({ data_dir: folder, s3: { ...s3, bucket: undefined } });
  const { sha256 } = await blobs.put('x');
  expect(await blobs.file(sha256)).toBe(path.join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2)));
  expect([blobs.link, blobs.probe]).toEqual([undefined, undefined]);
  expect(scratch).toEqual([path.join(folder, 'blobs', 'incoming')]);
});

it('is the bucket where there is one, with a folder for copies', () => {
  const { blobs, scratch } = blobsFor({ data_dir: folder, s3 });
  expect([typeof blobs.link, typeof blobs.probe]).toEqual(['function', 'function']);
  expect(scratch).toEqual(['incoming', 'copies'].map((name) => path.join(folder, 'blob-cache', name)));
});

it.each([
  ['at Amazon', undefined, 'https://lectures.s3.eu-central-1.amazonaws.com/lm/'],
  ['at another address', 'https://s3.example.org:9000', 'https://s3.example.org:9000/lectures/lm/'],
])('signs links %s, where the bucket is', async (_where, endpoint, begin) => {
  const { blobs } = blobsFor({ data_dir: folder, s3: { ...s3, endpoint } });
  const url = await blobs.link!(NAME, link);
  expect(url.split('?')[0]).toBe(`${begin}${NAME}`);
  expect(url).toContain('response-content-disposition=attachment');
  expect(url).toContain('X-Amz-Expires=60');
  expect(url).not.toContain(S3_KEYS.AWS_SECRET_ACCESS_KEY);
});

it('says that the store is away, and not that the blob is', async () => {
  const { blobs } = blobsFor({ data_dir: folder, s3 });
  for (const ask of [
    () => blobs.size(NAME),
    () => blobs.read(NAME),
    () => blobs.file(NAME),
    () => blobs.put('x'),
    () => blobs.put(Buffer.alloc(9 * 1024 * 1024)),
    () => blobs.remove(NAME),
    () => blobs.probe!(),
    () => blobs.stream(NAME, { start: 0, end: 9 }).toArray(),
  ]) {
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect([isBlobsAway(error), String(error)]).toEqual([
      true,
      expect.stringMatching(/^BlobsAwayError: S3: \w+$/),
    ]);
  }
});
