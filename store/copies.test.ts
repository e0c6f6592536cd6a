import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { localCopies, type Copies } from './copies';

const IN_USE_MS = 60_000;

let folder: string;
let copies: Copies;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-copies-'));
  copies = localCopies(path.join(folder, 'copies'), { maxBytes: 1_000, inUseMs: IN_USE_MS });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fileOf(bytes: number): Promise<string> {
  const file = path.join(folder, 'new');
  await writeFile(file, Buffer.alloc(bytes));
  return file;
}

const keep = async (name: string, bytes: number) => copies.keep(name, await fileOf(bytes));
const spare = async (name: string, bytes: number) => copies.spare(name, await fileOf(bytes));

const kept = async () => (await readdir(path.join(folder, 'copies'))).sort();

/** As if it had been used last so long ago. */
async function unusedFor(name: string, ms: number): Promise<void> {
  const at = new Date(Date.now() - ms);
  await utimes(path.join(folder, 'copies', name), at, at);
}

it('finds what was kept, and nothing else', async () => {
  await keep('a', 10);
  const file = await copies.find('a');
  expect(await readFile(file!)).toHaveLength(10);
  expect(await copies.find('b')).toBeUndefined();
  await copies.remove('a');
  await copies.remove('a');
  expect(await copies.find('a')).toBeUndefined();
});

it('takes the file over, also where there is a copy, which stays', async () => {
  await keep('a', 10);
  const { ino } = await stat((await copies.find('a'))!);
  await spare('a', 10);
  expect((await stat((await copies.find('a'))!)).ino).toBe(ino);
  expect(await readdir(folder)).toEqual(['copies']);
});

it('lets those go that were not used for the longest time, no more than needed', async () => {
  for (const [name, minutes] of [
    ['a', 5],
    ['b', 9],
    ['c', 7],
  ] as const) {
    await keep(name, 400);
    await unusedFor(name, minutes * 60_000);
  }
  await keep('d', 400);
  expect(await kept()).toEqual(['a', 'd']);
});

it('keeps what is in use, beyond the limit', async () => {
  await spare('a', 600);
  await copies.find('a');
  await keep('b', 600);
  await keep('c', 600);
  expect(await kept()).toEqual(['a', 'b', 'c']);
});

it('keeps what nobody has asked for yet only while there is room', async () => {
  await keep('a', 600);
  await spare('b', 300);
  expect(await kept()).toEqual(['a', 'b']);
  await spare('c', 300);
  expect(await kept()).toContain('a');
  expect(await kept()).toHaveLength(2);
});

it('counts what other processes and earlier ones have left', async () => {
  const other = localCopies(path.join(folder, 'copies'), { maxBytes: 1e9, inUseMs: IN_USE_MS });
  await other.spare('a', await fileOf(5_000));
  await keep('b', 10);
  expect(await kept()).toEqual(['b']);
});
