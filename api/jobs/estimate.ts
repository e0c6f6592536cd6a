/** How long a job will take, in seconds, before anything of it is known but the file. */
import type { JobType } from '../../workflows/contracts';

interface Subject {
  readonly media_type: string;
  readonly bytes: bigint;
}

/** Bytes per second of usual recordings: uncompressed CD sound, FLAC, everything else at 128 kbit/s. */
const BYTES_PER_SECOND: Record<string, number> = {
  'audio/wav': 96_000,
  'audio/aiff': 96_000,
  'audio/flac': 24_000,
};
const COMPRESSED = 16_000;
const VIDEO = 150_000;

/** Seconds of work for a second of sound, on two cores with the local engines. */
const WORK: Record<JobType, number> = {
  transcribe: 0.15,
  embed: 0.2,
  summarize: 0.25,
  slides: 0.3,
  voiceover: 0.4,
  lesson: 0.45,
};
const START_S = 3;

export function estimateSeconds(type: JobType, { media_type, bytes }: Subject): number {
  const rate = BYTES_PER_SECOND[media_type] ?? (media_type.startsWith('video/') ? VIDEO : COMPRESSED);
  return Math.ceil(START_S + (Number(bytes) / rate) * WORK[type]);
}
