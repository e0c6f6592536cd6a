import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './lock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = () => join(folder, 'asset');

it('lets one in at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    await sleep(20);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path(), work, { pollMs: 5 })));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

it('takes over from a holder that died', async () => {
  await writeFile(path(), 'a dead process');
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path(), longAgo, longAgo);
  expect(await withLock(path(), async () => 'done', { pollMs: 5 })).toBe('done');
  expect(await readdir(folder)).toEqual([]);
});

it('does not take over from a slow holder that still beats', async () => {
  const order: string[] = [];
  const options = { staleMs: 60, pollMs: 5 };
  const slow = withLock(path(), () => sleep(200).then(() => order.push('slow')), options);
  await sleep(20);
  await withLock(path(), async () => order.push('next'), options);
  await slow;
  expect(order).toEqual(['slow', 'next']);
});

it('is released by a failure', async () => {
  await expect(withLock(path(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(folder)).toEqual([]);
});

it('stops waiting when aborted', async () => {
  await writeFile(path(), 'another process');
  const signal = AbortSignal.timeout(20);
  await expect(withLock(path(), async () => 'never', { signal, pollMs: 5 })).rejects.toThrow();
});
