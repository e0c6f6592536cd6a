/** Bytes on their way in: their name is known once all of them are written and hashed. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredBlob } from './blobs';

/** Where blobs are until they are whole. */
export const incomingIn = (folder: string): string => path.join(folder, 'incoming');

/** Passes bytes on; `result` tells what they were. */
function digesting(): { through: Transform; result: () => StoredBlob } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, result: () => ({ sha256: hash.digest('hex'), bytes }) };
}

/** A power cut then leaves no file that has its name and not its bytes. */
export async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all of `data` to a local file and hands it to `keep`, which may move it; what is left of it goes. */
export async function takeIn(
  folder: string,
  data: Readable | Uint8Array | string,
  { signal, keep }: { signal?: AbortSignal; keep: (file: string, blob: StoredBlob) => Promise<void> },
): Promise<StoredBlob> {
  const source = data instanceof Readable ? data : Readable.from([Buffer.from(data)]);
  // It may fail before the pipeline listens, which then reports it.
  source.once('error', () => undefined);
  await mkdir(incomingIn(folder), { recursive: true });
  const partial = path.join(incomingIn(folder), randomUUID());
  const digest = digesting();
  try {
    await pipeline(source, digest.through, createWriteStream(partial), { signal });
    const blob = digest.result();
    await keep(partial, blob);
    return blob;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}
