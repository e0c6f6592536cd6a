import { linkSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { identify, isAlive } from './identity';
import { oneLine } from './part';
import { type Holder, readHolder, removeRecord, writeRecord } from './record';

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  constructor(dataDir: string, holder: Holder) {
    const urls = Object.entries(holder.urls).map(([name, url]) => `${name} ${url}`);
    const where = urls.length > 0 ? urls.join(', ') : 'still starting';
    super(oneLine(`A stack already runs on ${dataDir}: process ${holder.pid} (${where})`));
  }
}

export interface Lock {
  /** For the message that a second supervisor gives. */
  announce(urls: Record<string, string>): void;
  release(): void;
}

/** One supervisor per data folder. A dead one's claim is void. */
export function lock(dataDir: string): Lock {
  const file = path.join(dataDir, 'run', 'stack.json');
  const me = { ...(identify(process.pid) ?? { pid: process.pid, started: 'unknown' }), urls: {} };
  while (!claim(file, me)) evictTheDead(file, dataDir);
  return {
    announce: (urls) => writeRecord(file, { ...me, urls }),
    release: () => removeRecord(file),
  };
}

/** A hard link appears whole or not at all, and only one of two claimants makes it. */
function claim(file: string, me: Holder): boolean {
  const draft = `${file}.claim-${process.pid}`;
  writeRecord(draft, me);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    removeRecord(draft);
  }
}

/** Moves the claim aside before judging it, so that a claim made in between cannot be deleted by mistake. */
function evictTheDead(file: string, dataDir: string): void {
  refuseTheLiving(readHolder(file), dataDir);
  const aside = `${file}.dead-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another claimant has just moved it
  }
  const holder = readHolder(aside);
  if (holder && isAlive(holder)) linkSync(aside, file);
  rmSync(aside, { force: true });
  refuseTheLiving(holder, dataDir);
}

function refuseTheLiving(holder: Holder | undefined, dataDir: string): void {
  if (holder && isAlive(holder)) throw new AlreadyRunning(dataDir, holder);
}
