/** What a killed process leaves half-written: nobody owns it any more, and it fills the disk. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Abandoned {
  readonly folder: string;
  /** Only what begins with it. */
  readonly prefix: string;
}

/** Longer than any attempt of a step may take, and than a sender may be silent in the middle of an upload. */
export const ABANDONED_AFTER_MS = 6 * 3600 * 1000;

/** Removes what has not changed for so long; what others remove at the same time is no matter. */
export async function removeAbandoned(
  { folder, prefix }: Abandoned,
  olderThanMs = ABANDONED_AFTER_MS,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(prefix))) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > olderThanMs) await rm(file, { recursive: true, force: true });
  }
}
