import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Throws when the file's content is not the pinned one. */
export async function checkSha256(path: string, expected: string, name: string): Promise<void> {
  const actual = await sha256Of(path);
  if (actual !== expected) throw new Error(`${name}: sha256 is ${actual}, expected ${expected}`);
}
