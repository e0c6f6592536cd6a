import { Readable } from 'node:stream';
import type { Db } from '../prisma/client';
import { isDiskFull, type Blobs } from '../store/blobs';
import { BYTES_PER_SECOND, LevelMeter, SAMPLE_RATE } from './audio/levels';
import { cutWindows, windowRules, type Window } from './audio/windows';
import { currentCall } from './call';
import { findSource } from './find-source';
import { StepError } from './failures';
import { runFfmpeg } from './ffmpeg';
import { FfmpegError } from './ffmpeg-error';
import { reportProgress } from './heartbeat';
import type { Once } from './once';

export interface DecodedAudio {
  /** Blob: 16-bit little-endian mono at 16 kHz. */
  readonly pcm: string;
  readonly duration_s: number;
  readonly windows: readonly Window[];
}

const VERSION = 1;

/** ffmpeg's own words for a file without sound. */
const NO_AUDIO = /matches no streams|does not contain any stream/i;

function explain(error: unknown, file: string): unknown {
  if (!(error instanceof FfmpegError)) return error;
  if (NO_AUDIO.test(error.stderr)) {
    return new StepError('NO_AUDIO_TRACK', 'The file has no audio track', 'Upload a recording with sound');
  }
  const reason = error.stderr
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^\[[^\]]*\]\s*/, '')
    .replace(`${file}: `, '')
    .slice(0, 200);
  const hint = 'Play the file on your computer; if it plays, export it again as MP3, M4A or WAV';
  return new StepError('MEDIA_UNREADABLE', `The file cannot be read as audio or video (${reason})`, hint);
}

/** First audio track only; `-xerror` is left out, since half a lecture is better than none. */
const decodeArgs = (file: string): string[] => [
  ...['-protocol_whitelist', 'file,pipe', '-i', file],
  ...['-map', '0:a:0', '-vn', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', 'pipe:1'],
];

/** Measured on its way to the store, so that exactly what is stored was measured. */
async function* measured(pcm: AsyncIterable<Buffer>, meter: LevelMeter): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of pcm) {
    meter.add(chunk);
    bytes += chunk.length;
    reportProgress(Math.round(bytes / BYTES_PER_SECOND), 0, 'seconds of audio');
    yield chunk;
  }
}

export function createDecodeActivities({
  db,
  blobs,
  once,
  ffmpeg,
}: {
  db: Db;
  blobs: Blobs;
  once: Once;
  ffmpeg: string;
}) {
  /** Streams through: memory grows by a level per 20 ms, not with the recording. */
  async function decode(file: string, signal: AbortSignal): Promise<DecodedAudio> {
    const meter = new LevelMeter();
    const run = runFfmpeg(ffmpeg, decodeArgs(file), signal);
    const metered = Readable.from(measured(run.stdout, meter));
    const [stored, ended] = await Promise.allSettled([blobs.put(metered, signal), run.ended]);
    // ffmpeg then ends too, and would blame its output.
    if (stored.status === 'rejected' && isDiskFull(stored.reason)) throw stored.reason;
    if (ended.status === 'rejected') throw explain(ended.reason, file);
    if (stored.status === 'rejected') throw stored.reason;
    const { levelsDb, duration_s } = meter.finish();
    if (duration_s === 0)
      throw new StepError('MEDIA_UNREADABLE', 'The file holds no sound at all', 'Upload it again');
    return { pcm: stored.value.sha256, duration_s, windows: cutWindows(levelsDb, windowRules()) };
  }

  return {
    /** Decodes a recording to 16 kHz mono and says where speech is. */
    async decodeAudio(input: {
      owner_id: string;
      source_id: string;
      fresh_for: string | null;
    }): Promise<DecodedAudio> {
      const { owner_id, source_id, fresh_for } = input;
      const source = await findSource(db, owner_id, source_id);
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'decodeAudio', version: VERSION },
        ...{ blobs: [source.blob], parameters: { ...windowRules() } },
      };
      return once(key, call, async () => decode(await blobs.file(source.blob, call.signal), call.signal));
    },
  };
}
