/** A disk without space under a stack's blobs: a small one of its own, or where no disk may be mounted, a limit on the files of its processes. */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestStack } from './stack';

export interface SmallDisk {
  /** From now on no file can be written, or none above a few kilobytes. */
  fill(): Promise<void>;
  makeSpace(): Promise<void>;
  unmount(): Promise<void>;
}

const BYTES = 64 * 1024 ** 2;
const CHUNK = Buffer.alloc(4096, 1);

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Writes until the disk itself refuses. */
async function fillUp(file: string): Promise<void> {
  try {
    for (;;) await writeFile(file, CHUNK, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const mounted = (folder: string): SmallDisk => {
  const filler = path.join(folder, 'filler');
  return {
    fill: () => fillUp(filler),
    makeSpace: () => rm(filler, { force: true }),
    unmount: async () => void run('umount', folder),
  };
};

/** Logs keep being written, so the limit is no smaller. */
const LOG_BYTES = 65_536;

const limited = (pidOf: TestStack['pidOf']): SmallDisk => {
  const limit = async (bytes: number | 'unlimited') => {
    for (const part of ['worker', 'api'])
      if (!run('prlimit', `--pid=${await pidOf(part)}`, `--fsize=${bytes}:unlimited`))
        throw new Error('neither mount nor prlimit works here');
  };
  return { fill: () => limit(LOG_BYTES), makeSpace: () => limit('unlimited'), unmount: async () => {} };
};

/** Before the first blob is written. */
export async function mountSmallDisk({ data_dir, pidOf }: TestStack): Promise<SmallDisk> {
  const folder = path.join(data_dir, 'blobs');
  await mkdir(folder, { recursive: true });
  const isMounted = run('mount', '-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', folder);
  return isMounted ? mounted(folder) : limited(pidOf);
}
