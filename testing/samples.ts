import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { locateAsset } from '../assets/locate';
import { loadConfig } from '../config';

export const sampleFile = (name: string): string => path.resolve(__dirname, '..', 'samples', name);

export const sample = (name: string): Promise<Buffer> => readFile(sampleFile(name));

export function ffmpegPath(): string {
  const { cache_dir, ffmpeg_path } = loadConfig();
  return locateAsset('ffmpeg', cache_dir, { ffmpeg: ffmpeg_path }) ?? 'ffmpeg';
}

/** Makes media of a sample or of ffmpeg's own sources; the last argument names the container. */
export function media(args: readonly string[], format: string): Buffer {
  const made = spawnSync(ffmpegPath(), ['-v', 'error', '-nostdin', ...args, '-f', format, 'pipe:1'], {
    maxBuffer: 1e9,
  });
  if (made.status !== 0) throw new Error(String(made.stderr));
  return made.stdout;
}

/** Lower case, no punctuation, so that only words are compared. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean);

/** Word error rate: edits that turn what was heard into the reference, per word of the reference. */
export function wordError(reference: string, heard: string): number {
  const [expected, got] = [wordsOf(reference), wordsOf(heard)];
  let row = got.map((_, index) => index + 1);
  row.unshift(0);
  expected.forEach((word, i) => {
    const next = [i + 1];
    got.forEach((other, j) => {
      next.push(Math.min(row[j]! + (word === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    });
    row = next;
  });
  return row.at(-1)! / Math.max(1, expected.length);
}
