/** How long a job will take, in seconds, before anything of it is known but the file. */
import type { JobType } from '../../workflows/contracts';
import type { Subject } from './subject';

/** Bytes for a second of speech: usual recordings, a transcript with its word times, 15 characters of plain text. */
const BYTES_PER_SECOND: Record<string, number> = {
  'audio/wav': 96_000,
  'audio/aiff': 96_000,
  'audio/flac': 24_000,
  'application/json': 150,
  'text/plain': 15,
};
const COMPRESSED_SOUND = 16_000;
const VIDEO = 150_000;

/** Seconds of work for a second of speech, on two cores with the local engines: to hear it, and what comes after. */
const HEARING = 0.15;
const AFTERWARDS: Record<JobType, number> = {
  transcribe: 0,
  embed: 0.05,
  summarize: 0.1,
  slides: 0.15,
  voiceover: 0.25,
  narrate: 0.35,
  lesson: 0.4,
  preflight: 0,
};
const START_S = 3;

export type Size = Pick<Subject, 'media_type' | 'bytes'>;

const isVideo = ({ media_type }: Size): boolean => media_type.startsWith('video/');

/** Whether somebody must listen to it first. */
export const isRecording = (size: Size): boolean => isVideo(size) || size.media_type.startsWith('audio/');

/** Seconds of speech that are in it, or that its text would take to say. */
export const speechSeconds = (size: Size): number =>
  Number(size.bytes) / (BYTES_PER_SECOND[size.media_type] ?? (isVideo(size) ? VIDEO : COMPRESSED_SOUND));

export function estimateSeconds(type: JobType, size: Size): number {
  const work = (isRecording(size) ? HEARING : 0) + AFTERWARDS[type];
  return Math.ceil(START_S + speechSeconds(size) * work);
}
