/** What people really upload: every container that is promised, and files that are broken in the usual ways. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import { ended } from '../../testing/stack';
import { startTestWorker } from '../../testing/worker';
import { createWorld, type World } from '../../testing/world';

let world: World;
let api: WorldApi;

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
  await startTestWorker(world);
});
afterAll(() => world.close());

const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=300:duration=4'];
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=4'];
/** An mp4 may be written to a pipe only in fragments. */
const FRAGMENTED = ['-movflags', 'frag_keyframe+empty_moov'];

async function transcribe(bytes: Buffer, name: string) {
  const source_id = await api.upload(bytes, name);
  return api.until(await api.start('transcribe', { source_id }), ended, 60);
}

test.each<[string, string[], string]>([
  ['wav', [...TONE], 'wav'],
  ['wav of 8 bits at 8 kHz', [...TONE, '-ar', '8000', '-acodec', 'pcm_u8'], 'wav'],
  ['mp3', [...TONE, '-acodec', 'libmp3lame'], 'mp3'],
  ['m4a', [...TONE, '-acodec', 'aac', ...FRAGMENTED, '-brand', 'M4A '], 'mp4'],
  ['ogg with opus', [...TONE, '-acodec', 'libopus'], 'ogg'],
  ['webm', [...PICTURE, ...TONE, '-vcodec', 'libvpx', '-acodec', 'libopus'], 'webm'],
  ['flac', [...TONE, '-ac', '2'], 'flac'],
  ['mp4', [...PICTURE, ...TONE, '-acodec', 'aac', ...FRAGMENTED], 'mp4'],
])('%s is heard', async (_what, args, format) => {
  const job = await transcribe(media(args, format), `lecture.${format}`);
  expect(job).toMatchObject({ status: 'completed', error: null, warnings: [] });
  expect(job.result?.['duration_s']).toBeCloseTo(4, 0);
  expect(job.result?.['text']).toMatch(/\w+/);
});

const failed = (code: string) => ({
  ...{ status: 'failed', result: null, artifacts: [] },
  error: { code, message: expect.stringMatching(/.{10}/), hint: expect.any(String), step: 'decode' },
});

test('a text that begins with ID3, renamed to .mp3', async () => {
  expect(await transcribe(Buffer.from('ID3 is a tag. '.repeat(40)), 'lecture.mp3')).toMatchObject(
    failed('MEDIA_UNREADABLE'),
  );
});

test('an mp4 that was broken off: its index stands at the end', async () => {
  const file = path.join(world.folder, 'whole.mp4');
  media([...PICTURE, ...TONE, '-acodec', 'aac', '-f', 'mp4', file], 'null');
  const whole = await readFile(file);
  const half = whole.subarray(0, whole.length / 2);
  expect(await transcribe(half, 'lecture.mp4')).toMatchObject(failed('MEDIA_UNREADABLE'));
});

test('a video without sound', async () => {
  const silentFilm = media([...PICTURE, ...FRAGMENTED], 'mp4');
  expect(await transcribe(silentFilm, 'film.mp4')).toMatchObject(failed('NO_AUDIO_TRACK'));
});

test('silence is no failure: an empty transcript and a warning', async () => {
  const job = await transcribe(media(['-f', 'lavfi', '-i', 'anullsrc=duration=4'], 'wav'), 'silence.wav');
  expect(job).toMatchObject({ status: 'completed', error: null, warnings: [{ code: 'NO_SPEECH' }] });
  expect(job.result).toMatchObject({ text: '', words: 0 });
});
