import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface PackedFile {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Unpacks the data files that Emscripten joined into one, with their offsets in the script beside it. */
export async function unpackEspeakData(folder: string, into: string): Promise<void> {
  const script = await readFile(join(folder, 'espeak-ng.js'), 'utf8');
  const data = await readFile(join(folder, 'espeak-ng.data'));
  for (const { path, start, end } of packedFiles(script)) {
    const target = join(folder, into, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, data.subarray(start, end));
  }
}

/** `{"filename":"/…/espeak-ng-data/af_dict","start":0,"end":121498}`, with or without quotes. */
export function packedFiles(script: string): PackedFile[] {
  const entries = script.matchAll(
    /\{"?filename"?:\s*"[^"]*espeak-ng-data\/([^"]+)",\s*"?start"?:\s*(\d+),\s*"?end"?:\s*(\d+)/g,
  );
  return [...entries].map(([, path = '', start, end]) => ({ path, start: Number(start), end: Number(end) }));
}
