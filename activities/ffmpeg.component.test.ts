/** ffmpeg itself, as a process. */
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ffmpegPath } from '../testing/samples';
import { runFfmpeg } from './ffmpeg';

const { signal } = new AbortController();
const tone = ['-f', 'lavfi', '-i', 'sine=duration=2', '-f', 'mp3', 'pipe:1'];

async function bytesOf(delayMs: number): Promise<number> {
  const run = runFfmpeg(ffmpegPath(), tone, signal);
  await sleep(delayMs);
  let bytes = 0;
  for await (const chunk of run.stdout) bytes += (chunk as Buffer).length;
  await run.ended;
  return bytes;
}

it('gives all of a short output to a reader who begins when the process has ended', async () => {
  const atOnce = await bytesOf(0);
  expect(atOnce).toBeGreaterThan(10_000);
  expect(await bytesOf(1_500)).toBe(atOnce);
});

it('says that a program is not there, and leaves nobody waiting for its output', async () => {
  const run = runFfmpeg('/nowhere/ffmpeg', tone, signal);
  const over = finished(run.stdout.resume());
  await expect(run.ended).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
  await Promise.allSettled([over]);
});
