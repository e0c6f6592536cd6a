/** Content-addressed bytes: the name is the SHA-256, so writing twice is writing once. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface StoredBlob {
  readonly sha256: string;
  readonly bytes: number;
}

export interface Blobs {
  /** Nothing is visible, and nothing stays behind, unless all of it was written. */
  put(data: Readable | Uint8Array | string, signal?: AbortSignal): Promise<StoredBlob>;
  read(sha256: string): Promise<Buffer>;
  /** `start` and `end` are byte offsets, both included. */
  stream(sha256: string, range?: { start: number; end: number }): Readable;
  /** Bytes, or undefined where there is no such blob. */
  size(sha256: string): Promise<number | undefined>;
  /** A local file for programs that need one; read only. */
  file(sha256: string): Promise<string>;
  remove(sha256: string): Promise<void>;
}

/** What the system says, or a program like ffmpeg, when a disk, a quota or a limit on files has no room left. */
const NO_SPACE = /^(ENOSPC|EDQUOT|EFBIG)$/;
const NO_SPACE_SAID = /no space left on device|disk quota exceeded|file too large/i;

export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return NO_SPACE.test(String(code)) || NO_SPACE_SAID.test(String(message));
}

function digesting() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, result: (): StoredBlob => ({ sha256: hash.digest('hex'), bytes }) };
}

/** Where blobs are until they are whole. */
export const incomingIn = (folder: string): string => path.join(folder, 'incoming');

async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function diskBlobs(folder: string): Blobs {
  const fileOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256.slice(2));
  const incoming = incomingIn(folder);

  const size = async (sha256: string) => {
    const found = await stat(fileOf(sha256)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return found?.size;
  };

  return {
    async put(data, signal) {
      const source = data instanceof Readable ? data : Readable.from([Buffer.from(data)]);
      // It may fail before the pipeline listens, which then reports it.
      source.once('error', () => undefined);
      await mkdir(incoming, { recursive: true });
      const partial = path.join(incoming, randomUUID());
      const digest = digesting();
      try {
        await pipeline(source, digest.through, createWriteStream(partial), { signal });
        await syncToDisk(partial);
        const blob = digest.result();
        await mkdir(path.dirname(fileOf(blob.sha256)), { recursive: true });
        await rename(partial, fileOf(blob.sha256));
        return blob;
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    read: (sha256) => readFile(fileOf(sha256)),
    stream: (sha256, range) => createReadStream(fileOf(sha256), range),
    size,
    file: async (sha256) => fileOf(sha256),
    remove: (sha256) => rm(fileOf(sha256), { force: true }),
  };
}
