/** Blobs as objects of a bucket, named as on the disk: by their SHA-256. */
import type { Blobs } from './blobs';
import { copiesIn, localCopies } from './copies';
import { takeIn } from './incoming';
import { missing, type S3Place } from './s3-client';
import { s3Objects } from './s3-objects';

export interface S3Settings extends S3Place {
  /** Before every name, for example `lm/`. */
  readonly prefix: string;
  /** A local one, for what is on its way and for copies. */
  readonly folder: string;
  /** Of copies that are not in use. */
  readonly maxCopiesBytes?: number;
}

/** A few recordings of hours, or hundreds of voices. */
const MAX_COPIES_BYTES = 4 * 1024 ** 3;

/** Several who want the same at once wait for one. */
function shared(make: (key: string) => Promise<void>): (key: string) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return (key) => {
    const making = underWay.get(key) ?? make(key).finally(() => underWay.delete(key));
    underWay.set(key, making);
    return making;
  };
}

/** Whoever gives up waits no longer; the work goes on for the others. */
async function whileWanted(work: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return work;
  let leave = () => {};
  const left = new Promise<never>((_, reject) => (leave = () => reject(signal.reason)));
  signal.addEventListener('abort', leave, { once: true });
  await Promise.race([work, left]).finally(() => signal.removeEventListener('abort', leave));
}

export function s3Blobs({ folder, maxCopiesBytes = MAX_COPIES_BYTES, ...settings }: S3Settings): Blobs {
  const objects = s3Objects(settings);
  const copies = localCopies(copiesIn(folder), { maxBytes: maxCopiesBytes });

  const download = shared(async (sha256) => {
    await takeIn(folder, objects.stream(sha256), { keep: (file) => copies.keep(sha256, file) });
  });

  return {
    ...objects,
    put: (data, signal) =>
      takeIn(folder, data, {
        signal,
        async keep(file, blob) {
          const { sha256, bytes } = blob;
          const isThere = (await objects.size(sha256, signal)) === bytes;
          if (!isThere) await objects.upload(file, blob, signal);
          // Often the next thing is a program that reads it.
          await copies.spare(sha256, file);
        },
      }),
    async read(sha256) {
      const chunks: Buffer[] = [];
      for await (const chunk of objects.stream(sha256)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    async size(sha256) {
      const bytes = await objects.size(sha256);
      // S3 says the same of every object of a bucket that is not there: nobody may take that for lost bytes.
      if (bytes === undefined) await objects.probe();
      return bytes;
    },
    async file(sha256, signal) {
      const copy = await copies.find(sha256);
      if (copy !== undefined) return copy;
      signal?.throwIfAborted();
      await whileWanted(download(sha256), signal);
      const made = await copies.find(sha256);
      // Removed in the same moment.
      if (made === undefined) throw missing(sha256);
      return made;
    },
    async remove(sha256) {
      await copies.remove(sha256);
      await objects.remove(sha256);
    },
  };
}
