/** Local copies of blobs that are kept elsewhere, for programs that read files: those longest unused go first. */
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { syncToDisk } from './incoming';

export interface Copies {
  /** The copy's path, from now on in use; undefined where there is none. */
  find(sha256: string): Promise<string | undefined>;
  /** Takes over a whole file that somebody waits for. */
  keep(sha256: string, file: string): Promise<void>;
  /** Takes over a whole file that nobody has asked for yet; it may go at once. */
  spare(sha256: string, file: string): Promise<void>;
  remove(sha256: string): Promise<void>;
}

export const copiesIn = (folder: string): string => path.join(folder, 'copies');

/**
 * So long after it was looked for, a copy is taken to be in use and stays, even beyond the limit: a film opens its
 * voices minutes after it was told where they are. A file that is open outlives its name anyway.
 */
const IN_USE_MS = 3600 * 1000;

interface Rules {
  /** Above it, copies that are not in use go. */
  readonly maxBytes: number;
  readonly inUseMs?: number;
}

interface Copy {
  readonly file: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Of all processes that share the folder; one may be removed meanwhile. */
async function listCopies(folder: string): Promise<Copy[]> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name);
      const facts = await stat(file).catch(() => undefined);
      return facts && { file, bytes: facts.size, usedMs: facts.mtimeMs };
    }),
  );
  return found.filter((copy) => copy !== undefined).sort((a, b) => a.usedMs - b.usedMs);
}

/** A copy's time of change is when it was used last. */
export function localCopies(folder: string, { maxBytes, inUseMs = IN_USE_MS }: Rules): Copies {
  const fileOf = (sha256: string) => path.join(folder, sha256);
  /** Bytes taken since the last look at the whole folder; the first one looks. */
  let grown = Infinity;

  async function sweep(): Promise<void> {
    grown = 0;
    const copies = await listCopies(folder);
    let bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const copy of copies) {
      if (bytes <= maxBytes || Date.now() - copy.usedMs < inUseMs) return;
      await rm(copy.file, { force: true });
      bytes -= copy.bytes;
    }
  }

  async function find(sha256: string): Promise<string | undefined> {
    const now = new Date();
    return utimes(fileOf(sha256), now, now).then(
      () => fileOf(sha256),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
  }

  async function take(sha256: string, file: string, usedAt: number): Promise<void> {
    const there = await stat(fileOf(sha256)).catch(() => undefined);
    // Whoever reads it now keeps it.
    if (there) return rm(file, { force: true });
    await mkdir(folder, { recursive: true });
    await syncToDisk(file);
    const { size } = await stat(file);
    await utimes(file, new Date(usedAt), new Date(usedAt));
    await rename(file, fileOf(sha256));
    grown += size;
    if (grown > maxBytes / 10) await sweep();
  }

  return {
    find,
    keep: (sha256, file) => take(sha256, file, Date.now()),
    spare: (sha256, file) => take(sha256, file, Date.now() - inUseMs),
    remove: (sha256) => rm(fileOf(sha256), { force: true }),
  };
}
