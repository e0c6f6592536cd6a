/** One track of raw samples for a whole film, exact to the sample: sounds joined as MP3 would drift. */
import { type FileHandle, open } from 'node:fs/promises';
import { startsOf } from './deck/film-lists';
import { runFfmpeg } from './ffmpeg';

const RATE = 44_100;
const BYTES_PER_SAMPLE = 2;
const RAW = ['-f', 's16le', '-ar', String(RATE), '-ac', '1'];

export interface SoundTrack {
  readonly ffmpeg: string;
  readonly slides: readonly { readonly audio?: string; readonly seconds: number }[];
  readonly signal: AbortSignal;
}

interface Span {
  /** Bytes. */
  readonly from: number;
  readonly to: number;
}

/** Decodes a sound to its place; what does not fit is left out. */
async function place(
  track: FileHandle,
  audio: string,
  { from, to }: Span,
  { ffmpeg, signal }: SoundTrack,
): Promise<void> {
  const seconds = (to - from) / BYTES_PER_SAMPLE / RATE;
  const run = runFfmpeg(ffmpeg, ['-i', audio, '-vn', '-t', seconds.toFixed(6), ...RAW, 'pipe:1'], signal);
  let at = from;
  for await (const chunk of run.stdout) {
    const bytes = chunk as Buffer;
    const length = Math.min(bytes.length, to - at);
    if (length > 0) await track.write(bytes, 0, length, at);
    at += length;
  }
  await run.ended;
}

/** Writes the track to `file` and says how ffmpeg reads it. Silence is a hole in the file. */
export async function writeSoundTrack(file: string, sound: SoundTrack): Promise<readonly string[]> {
  const edges = startsOf(sound.slides).map((seconds) => Math.round(seconds * RATE) * BYTES_PER_SAMPLE);
  const track = await open(file, 'w');
  try {
    await track.truncate(edges.at(-1));
    for (const [index, { audio }] of sound.slides.entries()) {
      if (audio) await place(track, audio, { from: edges[index]!, to: edges[index + 1]! }, sound);
    }
  } finally {
    await track.close();
  }
  return [...RAW, '-i', file];
}
