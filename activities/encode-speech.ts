/** Speech of any container becomes MP3. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Blobs } from '../store/blobs';
import { gainFilter, MEASURE_FILTER, parseLoudness } from './audio/loudness';
import { runFfmpeg } from './ffmpeg';

const PCM = ['-ac', '1', '-ar', '44100', '-f', 's16le'];
const PCM_BYTES_PER_SECOND = 2 * 44_100;
/** Speech of one voice: more bits are not heard. */
const MP3 = ['-ac', '1', '-ar', '44100', '-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'];

/** The length in seconds and the loudness in LUFS of any audio file. */
async function measure(
  ffmpeg: string,
  file: string,
  signal: AbortSignal,
): Promise<{ duration_s: number; loudness: number }> {
  const args = ['-i', file, '-af', MEASURE_FILTER, ...PCM, 'pipe:1'];
  const run = runFfmpeg(ffmpeg, args, signal, 'info');
  let bytes = 0;
  for await (const chunk of run.stdout) bytes += (chunk as Buffer).length;
  return { duration_s: bytes / PCM_BYTES_PER_SECOND, loudness: parseLoudness(await run.ended) };
}

/** As MP3 of even loudness, in the store. */
export async function toMp3(
  { ffmpeg, blobs }: { ffmpeg: string; blobs: Blobs },
  speech: Uint8Array,
  signal: AbortSignal,
): Promise<{ audio: string; duration_s: number }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-speak-'));
  try {
    const raw = path.join(folder, 'speech');
    await writeFile(raw, speech);
    const { duration_s, loudness } = await measure(ffmpeg, raw, signal);
    const encode = runFfmpeg(ffmpeg, ['-i', raw, '-af', gainFilter(loudness), ...MP3, 'pipe:1'], signal);
    const [stored] = await Promise.all([blobs.put(encode.stdout, signal), encode.ended]);
    if (stored.bytes === 0) throw new Error('ffmpeg wrote no sound');
    return { audio: stored.sha256, duration_s };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
