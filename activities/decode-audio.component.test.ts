import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import type { MockActivityEnvironment } from '@temporalio/testing';
import { activityEnvironment, newSource, runActivity } from '../testing/rows';
import { ffmpegPath, media, sample, sampleFile } from '../testing/samples';
import { createWorld, type World } from '../testing/world';
import { createDecodeActivities, type DecodedAudio } from './decode-audio';
import { createOnce } from './once';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

const activities = (ffmpeg = ffmpegPath()) =>
  createDecodeActivities({ ...world, once: createOnce(world), ffmpeg });

async function decode(
  data: Uint8Array | string,
  { environment, ffmpeg }: { environment?: MockActivityEnvironment; ffmpeg?: string } = {},
): Promise<DecodedAudio> {
  const source_id = await newSource(world, data);
  const input = { owner_id: world.owner_id, source_id, fresh_for: randomUUID() };
  return runActivity(activities(ffmpeg).decodeAudio, input, environment);
}

const pcmSeconds = async ({ pcm }: DecodedAudio): Promise<number> => (await world.blobs.size(pcm))! / 32_000;

/** Two seconds of a tone between two of silence. */
const TONE = [
  ...['-f', 'lavfi', '-i', 'sine=f=440:d=2:r=44100,adelay=2000:all=1,apad=pad_dur=2'],
  ...['-ac', '2', '-ar', '44100'],
];

test.each([
  ['wav', [...TONE]],
  ['mp3', [...TONE, '-c:a', 'libmp3lame']],
  ['flac', [...TONE]],
  ['ogg', [...TONE, '-c:a', 'libopus', '-ar', '48000']],
  ['webm', [...TONE, '-c:a', 'libopus', '-ar', '48000']],
  ['adts', [...TONE, '-c:a', 'aac']],
  ['matroska', ['-f', 'lavfi', '-i', 'color=d=6:s=64x64', ...TONE, '-c:v', 'libx264', '-c:a', 'aac']],
])('decodes %s and finds where the sound is', async (format, args) => {
  const decoded = await decode(media(args, format));
  expect(decoded.duration_s).toBeGreaterThan(5.8);
  expect(decoded.duration_s).toBeLessThan(6.3);
  expect(await pcmSeconds(decoded)).toBeCloseTo(decoded.duration_s);
  expect(decoded.windows).toHaveLength(1);
  expect(decoded.windows[0]!.start_s).toBeGreaterThan(1.6);
  expect(decoded.windows[0]!.start_s).toBeLessThanOrEqual(2);
  expect(decoded.windows[0]!.end_s).toBeGreaterThanOrEqual(4);
  expect(decoded.windows[0]!.end_s).toBeLessThan(4.4);
});

test('cuts a human recording into windows that an engine takes', async () => {
  const decoded = await decode(await sample('two_cities.flac'));
  expect(decoded.windows.length).toBeGreaterThan(1);
  for (const { start_s, end_s } of decoded.windows) expect(end_s - start_s).toBeLessThanOrEqual(15);
  expect(decoded.windows.at(-1)!.end_s).toBeLessThanOrEqual(decoded.duration_s + 0.02);
});

test('silence has no windows', async () => {
  const decoded = await decode(
    media(['-f', 'lavfi', '-i', 'anullsrc=r=16000', '-t', '3', '-ac', '1'], 'wav'),
  );
  expect(decoded).toMatchObject({ windows: [], duration_s: 3 });
});

test.each([
  [
    'a film without sound',
    () => media(['-f', 'lavfi', '-i', 'color=d=1:s=64x64'], 'matroska'),
    'NO_AUDIO_TRACK',
  ],
  ['what is no recording', () => Buffer.from('%PDF-1.7 not a recording '.repeat(100)), 'MEDIA_UNREADABLE'],
  ['nothing', () => Buffer.alloc(0), 'MEDIA_UNREADABLE'],
  [
    'a recording of no length',
    () => media(['-f', 'lavfi', '-i', 'anullsrc=r=16000', '-t', '0', '-ac', '1'], 'wav'),
    'MEDIA_UNREADABLE',
  ],
])('says why %s cannot be transcribed, and what to do', async (_what, data, code) => {
  const refused = decode(data());
  await expect(refused).rejects.toMatchObject({ name: 'StepError', code });
  await expect(refused).rejects.toHaveProperty('hint', expect.stringMatching(/\w/));
  await expect(refused).rejects.toHaveProperty('message', expect.not.stringContaining(world.folder));
});

test('half a recording is better than none', async () => {
  const whole = media(['-i', sampleFile('two_cities.flac')], 'flac');
  const decoded = await decode(whole.subarray(0, Math.floor(whole.length / 2)));
  expect(decoded.duration_s).toBeGreaterThan(5);
});

test('says so when ffmpeg is not there', async () => {
  await expect(decode('x', { ffmpeg: '/nowhere/ffmpeg' })).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
});

test('says so when the source was deleted', async () => {
  const input = { owner_id: world.owner_id, source_id: randomUUID(), fresh_for: null };
  await expect(runActivity(activities().decodeAudio, input)).rejects.toMatchObject({ code: 'SOURCE_GONE' });
});

const ffmpegsOn = (file: string): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(file) && line.includes('-f s16le'));

test('a cancel kills ffmpeg and leaves nothing half-written', async () => {
  const minute = media(['-f', 'lavfi', '-i', 'anoisesrc=d=60:r=16000:a=0.1', '-b:a', '24k'], 'mp3');
  const long = Buffer.concat(Array<Buffer>(60).fill(minute));
  const source_id = await newSource(world, long);
  const { blob } = await world.db.content.findUniqueOrThrow({ where: { id: source_id } });
  const file = await world.blobs.file(blob);
  const environment = activityEnvironment();
  const input = { owner_id: world.owner_id, source_id, fresh_for: null };
  const running = runActivity(activities().decodeAudio, input, environment);
  const watched = expect(running).rejects.toThrow();
  while (ffmpegsOn(file).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = Date.now();
  environment.cancel();
  await watched;
  expect(Date.now() - began).toBeLessThan(1_000);
  expect(ffmpegsOn(file)).toEqual([]);
  const results = await world.db.step_results.findMany({ where: { step: 'decodeAudio', blob: null } });
  expect(results.every(({ lease_until }) => lease_until! <= new Date())).toBe(true);
});
