/** Content-addressed bytes: the name is the SHA-256, so writing twice is writing once. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { syncToDisk, takeIn } from './incoming';

export interface StoredBlob {
  readonly sha256: string;
  readonly bytes: number;
}

export interface LinkFacts {
  readonly media_type: string;
  /** The answer's `Content-Disposition`. */
  readonly disposition: string;
  /** Seconds until it opens nothing any more. */
  readonly expires_s: number;
}

/** A blob that is not there is an error with `code: 'ENOENT'`; a store that is away is another one. */
export interface Blobs {
  /** Nothing is visible, and nothing stays behind, unless all of it was written. */
  put(data: Readable | Uint8Array | string, signal?: AbortSignal): Promise<StoredBlob>;
  read(sha256: string): Promise<Buffer>;
  /** `start` and `end` are byte offsets, both included. */
  stream(sha256: string, range?: { start: number; end: number }): Readable;
  /** Bytes, or undefined where there is no such blob. */
  size(sha256: string): Promise<number | undefined>;
  /** A local file for programs that need one; read only. It may have to be fetched first, for minutes. */
  file(sha256: string, signal?: AbortSignal): Promise<string>;
  remove(sha256: string): Promise<void>;
  /** A URL that gives the bytes to whoever has it, where the store can be asked without us. */
  link?(sha256: string, facts: LinkFacts): Promise<string>;
  /** Rejects when the store does not answer; absent where nobody has to be asked. */
  probe?(signal?: AbortSignal): Promise<void>;
}

/** The store was asked and did not do it: what it has is not known. */
export class BlobsAwayError extends Error {
  override readonly name = 'BlobsAwayError';
}

export const isBlobsAway = (error: unknown): boolean => error instanceof BlobsAwayError;

/** What the system says, or a program like ffmpeg, when a disk, a quota or a limit on files has no room left. */
const NO_SPACE = /^(ENOSPC|EDQUOT|EFBIG)$/;
const NO_SPACE_SAID = /no space left on device|disk quota exceeded|file too large/i;

export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return NO_SPACE.test(String(code)) || NO_SPACE_SAID.test(String(message));
}

export function diskBlobs(folder: string): Blobs {
  const fileOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256.slice(2));

  const size = async (sha256: string) => {
    const found = await stat(fileOf(sha256)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return found?.size;
  };

  return {
    put: (data, signal) =>
      takeIn(folder, data, {
        signal,
        async keep(partial, { sha256 }) {
          await syncToDisk(partial);
          await mkdir(path.dirname(fileOf(sha256)), { recursive: true });
          await rename(partial, fileOf(sha256));
        },
      }),
    read: (sha256) => readFile(fileOf(sha256)),
    stream: (sha256, range) => createReadStream(fileOf(sha256), range),
    size,
    file: async (sha256) => fileOf(sha256),
    remove: (sha256) => rm(fileOf(sha256), { force: true }),
  };
}
