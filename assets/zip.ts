import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** Writes the named members of an archive into `folder`; `members`: path inside → name of ours. */
export async function extract(
  archive: string,
  members: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const wanted = new Map(Object.entries(members));
  const zip = await openPromise(archive, { lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = wanted.get(entry.fileName);
      if (name === undefined) continue;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(folder, name)));
      wanted.delete(entry.fileName);
    }
  } finally {
    zip.close();
  }
  if (wanted.size > 0) throw new Error(`${archive}: has no ${[...wanted.keys()].join(', ')}`);
}
