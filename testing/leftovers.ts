/** What work that ended too early may leave on the disk. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Files that were not yet whole when their writer stopped. */
export const partialBlobs = (data_dir: string): Promise<string[]> =>
  namesIn(path.join(data_dir, 'blobs', 'incoming'));

/** Folders of steps that work on files, `lm-<step>-…`. */
export const stepFolders = async (temporary: string): Promise<string[]> =>
  (await namesIn(temporary)).filter((name) => name.startsWith('lm-'));

/** Blobs whose bytes are not what their name says. */
export async function brokenBlobs(data_dir: string): Promise<string[]> {
  const folder = path.join(data_dir, 'blobs');
  const broken: string[] = [];
  for (const first of (await namesIn(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)))
    for (const rest of await namesIn(path.join(folder, first))) {
      const bytes = await readFile(path.join(folder, first, rest));
      if (createHash('sha256').update(bytes).digest('hex') !== first + rest) broken.push(first + rest);
    }
  return broken;
}
