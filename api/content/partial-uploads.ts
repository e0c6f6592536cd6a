/**
 * Uploads that are not whole yet: of each a file of its bytes and one of its facts, in a folder per user, under ids of
 * ours. They lie on a disk that every API process sees, and are gone a day after they were begun.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HttpError } from '../http/errors';

/** From the first request, however much came since. */
export const EXPIRE_MS = 24 * 3600 * 1000;
const MAX_UNFINISHED = 20;

export interface UploadKey {
  readonly owner_id: string;
  readonly id: string;
}

interface Facts {
  /** Bytes of the whole file, as announced. */
  readonly length: number;
  /** As the client gave it; a key may have no value. */
  readonly metadata: Readonly<Record<string, string | null>>;
}

export interface PartialUpload extends Facts {
  /** Bytes that are here. */
  readonly offset: number;
  readonly created_at: Date;
}

export type PartialUploads = ReturnType<typeof diskPartialUploads>;

const tooMany = () =>
  new HttpError(409, 'TOO_MANY_UPLOADS', `There are ${MAX_UNFINISHED} unfinished uploads of yours`, {
    hint: 'Finish one or DELETE it; each expires a day after it was begun',
  });

const isExpired = (created: Date): boolean => created.getTime() + EXPIRE_MS < Date.now();

/** What is not there is undefined. */
const ifThere = <Result>(found: Promise<Result>): Promise<Result | undefined> =>
  found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/** One after the other, so that each sees those before. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

export function diskPartialUploads(folder: string) {
  const folderOf = (owner_id: string) => path.join(folder, owner_id);
  const bytesOf = ({ owner_id, id }: UploadKey) => path.join(folderOf(owner_id), id);
  const factsOf = (key: UploadKey) => `${bytesOf(key)}.json`;
  const inTurn = oneByOne();

  const unfinishedOf = async (owner_id: string): Promise<number> => {
    const files = (await ifThere(readdir(folderOf(owner_id)))) ?? [];
    const facts = files.filter((file) => file.endsWith('.json'));
    const found = await Promise.all(facts.map((file) => ifThere(stat(path.join(folderOf(owner_id), file)))));
    return found.filter((one) => one && !isExpired(one.mtime)).length;
  };

  /** Facts are written once, last and whole: their file's time is when the upload was begun. */
  const write = async (key: UploadKey, facts: Facts): Promise<void> => {
    await mkdir(folderOf(key.owner_id), { recursive: true });
    await writeFile(bytesOf(key), '');
    await writeFile(`${bytesOf(key)}.new`, JSON.stringify(facts));
    await rename(`${bytesOf(key)}.new`, factsOf(key));
  };

  /** Facts first: without them the bytes are no upload. */
  const remove = async (key: UploadKey): Promise<void> => {
    await rm(factsOf(key), { force: true });
    await rm(bytesOf(key), { force: true });
  };

  const sweepFolder = async (owner_id: string): Promise<void> => {
    for (const name of (await ifThere(readdir(folderOf(owner_id)))) ?? []) {
      const { name: id, ext } = path.parse(name);
      const found = await ifThere(stat(path.join(folderOf(owner_id), name)));
      // Bytes are as old as their last one; those of an upload go with its facts.
      if (!found || !isExpired(found.mtime)) continue;
      if (ext === '.json') await remove({ owner_id, id });
      else if (!(await ifThere(stat(factsOf({ owner_id, id })))))
        await rm(path.join(folderOf(owner_id), name), { force: true });
    }
    // An empty folder goes too; one that is not stays.
    await rmdir(folderOf(owner_id)).catch(() => undefined);
  };

  return {
    create: (key: UploadKey, facts: Facts): Promise<void> =>
      inTurn(async () => {
        if ((await unfinishedOf(key.owner_id)) >= MAX_UNFINISHED) throw tooMany();
        await write(key, facts);
      }),

    /** Undefined where there is none, of this owner, or no more. */
    async look(key: UploadKey): Promise<PartialUpload | undefined> {
      const text = await ifThere(readFile(factsOf(key), 'utf8'));
      const [begun, bytes] = await Promise.all([ifThere(stat(factsOf(key))), ifThere(stat(bytesOf(key)))]);
      if (text === undefined || !begun || !bytes || isExpired(begun.mtime)) return undefined;
      return { ...(JSON.parse(text) as Facts), offset: bytes.size, created_at: begun.mtime };
    },

    /** Where the upload stands then; what came before a failure stays. */
    async append(key: UploadKey, data: Readable, offset: number): Promise<number> {
      const file = createWriteStream(bytesOf(key), { flags: 'r+', start: offset });
      await pipeline(data, file);
      return offset + file.bytesWritten;
    },

    read: (key: UploadKey): Readable => createReadStream(bytesOf(key)),
    remove,

    /** Removes what has expired. */
    async sweep(): Promise<void> {
      for (const owner_id of (await ifThere(readdir(folder))) ?? []) await sweepFolder(owner_id);
    },
  };
}

/** At once, and then every hour. */
export function startSweepingUploads(
  { sweep }: Pick<PartialUploads, 'sweep'>,
  { everyMs = 3_600_000, onError }: { everyMs?: number; onError: (error: unknown) => void },
) {
  const run = () => void sweep().catch(onError);
  run();
  const timer = setInterval(run, everyMs);
  return { stop: () => clearInterval(timer) };
}
