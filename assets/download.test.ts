import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedUrl, digestOf, serveContent, startServer } from './__fixtures__/file-server';
import { download } from './download';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const sha256 = digestOf(content);

let folder: string;
let partsDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  partsDir = join(folder, 'parts');
});
afterEach(() => rm(folder, { recursive: true }));

const fileAt = (url: string) => ({ kind: 'url', url, sha256, saveAs: 'file.bin' }) as const;
const target = () => join(folder, 'file.bin');

it('downloads, verifies and reports bytes', async () => {
  await using server = await startServer(serveContent(content));
  const seen: [number, number | undefined][] = [];
  await download(fileAt(server.url), target(), { partsDir, onBytes: (...bytes) => seen.push(bytes) });
  expect(await readFile(target())).toEqual(content);
  expect(seen.at(-1)).toEqual([content.length, content.length]);
  expect(await readdir(partsDir)).toEqual([]);
});

it('resumes where a cut connection ended', async () => {
  await using server = await startServer(serveContent(content, { cutAfter: 40_000 }));
  await download(fileAt(server.url), target(), { partsDir });
  expect(await readFile(target())).toEqual(content);
  expect(server.ranges.length).toBe(3);
  expect(server.ranges[0]).toBeUndefined();
  expect(server.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
});

it('resumes what an earlier process left', async () => {
  await mkdir(partsDir);
  await writeFile(join(partsDir, `${sha256}.part`), content.subarray(0, 70_000));
  await using server = await startServer(serveContent(content));
  await download(fileAt(server.url), target(), { partsDir });
  expect(await readFile(target())).toEqual(content);
  expect(server.ranges).toEqual(['bytes=70000-']);
});

it('begins again when the server knows no ranges', async () => {
  await mkdir(partsDir);
  await writeFile(join(partsDir, `${sha256}.part`), content.subarray(0, 70_000));
  await using server = await startServer((_, response) => response.end(content));
  await download(fileAt(server.url), target(), { partsDir });
  expect(await readFile(target())).toEqual(content);
});

it('uses a part that is whole already', async () => {
  await mkdir(partsDir);
  await writeFile(join(partsDir, `${sha256}.part`), content);
  await using server = await startServer(serveContent(content));
  await download(fileAt(server.url), target(), { partsDir });
  expect(await readFile(target())).toEqual(content);
});

it('refuses other content and forgets it', async () => {
  await using server = await startServer(serveContent(Buffer.from('something else')));
  await expect(download(fileAt(server.url), target(), { partsDir })).rejects.toThrow(/sha256 is .* expected/);
  expect(await readdir(partsDir)).toEqual([]);
});

it('gives up a server that does not answer in time', async () => {
  await using server = await startServer(() => undefined);
  const call = download(fileAt(server.url), target(), { partsDir, connectMs: 50 });
  await expect(call).rejects.toThrow('no answer within 50 ms');
});

it('gives up a connection that went quiet', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 10));
  });
  const call = download(fileAt(server.url), target(), { partsDir, stallMs: 50 });
  await expect(call).rejects.toThrow('nothing received for 50 ms');
});

it('says what the server said, and asks once', async () => {
  await using server = await startServer((_, response) => void response.writeHead(404).end());
  await expect(download(fileAt(server.url), target(), { partsDir })).rejects.toThrow('HTTP 404');
  expect(server.ranges).toHaveLength(1);
});

it('says why nobody answered', async () => {
  await expect(download(fileAt(await closedUrl()), target(), { partsDir })).rejects.toThrow('ECONNREFUSED');
});

it('stops when aborted', async () => {
  await using server = await startServer(() => undefined);
  const controller = new AbortController();
  const reason = new Error('enough');
  const call = download(fileAt(server.url), target(), { partsDir, signal: controller.signal });
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});
