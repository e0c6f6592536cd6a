import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ABANDONED_AFTER_MS, removeAbandoned } from './abandoned';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-abandoned-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const age = (name: string, ms: number) => {
  const then = new Date(Date.now() - ms);
  return utimes(path.join(folder, name), then, then);
};

it('removes what nobody has touched for hours, folders too, and nothing else', async () => {
  await mkdir(path.join(folder, 'lm-speak-old'));
  await writeFile(path.join(folder, 'lm-speak-old', 'speech'), 'x');
  for (const name of ['lm-speak-new', 'lm-speak-file', 'another'])
    await writeFile(path.join(folder, name), 'x');
  for (const name of ['lm-speak-old', 'lm-speak-file', 'another']) await age(name, ABANDONED_AFTER_MS + 1000);
  await age('lm-speak-new', ABANDONED_AFTER_MS - 60_000);
  await removeAbandoned({ folder, prefix: 'lm-speak-' });
  expect((await readdir(folder)).sort()).toEqual(['another', 'lm-speak-new']);
});

it('has nothing to do where there is no folder', async () => {
  await expect(removeAbandoned({ folder: path.join(folder, 'none'), prefix: '' })).resolves.toBeUndefined();
});
