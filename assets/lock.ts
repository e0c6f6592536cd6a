import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** A lock that its holder has not touched for so long is taken over; it beats six times as often. */
  readonly staleMs?: number;
  readonly pollMs?: number;
}

/** Runs `work` while no other process that asks for the same lock file does. */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  { signal, staleMs = 30_000, pollMs = 250 }: LockOptions = {},
): Promise<Result> {
  const owner = randomUUID();
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryAcquire(path, owner))) {
    if (await isStale(path, staleMs)) await takeAway(path);
    else await sleep(pollMs, undefined, { signal });
  }
  const beat = setInterval(() => void touch(path), staleMs / 6);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await release(path, owner);
  }
}

async function tryAcquire(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string, staleMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleMs;
}

/** A rename, so that of several that wait only one removes it. */
async function takeAway(path: string): Promise<void> {
  const removed = `${path}.${randomUUID()}`;
  await rename(path, removed).then(
    () => rm(removed, { force: true }),
    () => undefined,
  );
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

async function release(path: string, owner: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  if (holder === owner) await rm(path, { force: true });
}
