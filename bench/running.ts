/** Transcriptions that run for as long as a load lasts: their vendor takes its time. */
import type { Client } from './client';
import { sampleOf } from './platform';

/** 50 lectures of 18 windows each then outlast the load by far, and go on changing during it. */
export const SLOW_MS = 8_000;

/** `count` of them over one source, each of which does its own work (`force`). */
export async function startRunning(client: Client, count: number): Promise<string[]> {
  const source_id = await client.upload(await sampleOf('lecture.mp3'), 'lecture.mp3');
  const ids: string[] = [];
  for (let at = 0; at < count; at++) {
    ids.push(await client.start('transcribe', { source_id, language: 'en', force: true }));
  }
  return ids;
}

export async function untilRecognised(client: Client, id: string): Promise<void> {
  await client.until(id, (job) => job.phase === 'recognise', { everyMs: 1_000 });
}
