import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ffmpegPath, media } from '../testing/samples';
import { describeWithTools, runTool } from '../testing/tools';
import { makeVideo, type VideoInput, type VideoSlide } from './video';

const RED = [200, 30, 30];
const GREEN = [30, 160, 30];
const BLUE = [30, 30, 200];
const NASTY = 'a=b; #c \\ d\nnext';
const CAPTIONS =
  'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nÄpfel & Birnen\n\n00:00:03.500 --> 00:00:05.000\nZwei\n';

let folder: string;
let slides: VideoSlide[];

const png = (color: readonly number[], size = '1920x1080'): Buffer => {
  const hex = Buffer.from(color).toString('hex');
  return media(
    ['-f', 'lavfi', '-i', `color=0x${hex}:s=${size}`, '-frames:v', '1', '-c:v', 'png'],
    'image2pipe',
  );
};

async function tone(name: string, seconds: number): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, media(['-f', 'lavfi', '-i', `sine=440:d=${seconds}`, '-c:a', 'libmp3lame'], 'mp3'));
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-video-'));
  const green = path.join(folder, "it's green");
  await writeFile(green, png(GREEN));
  slides = [
    { title: 'One', png: png(RED), audio: await tone('a.mp3', 2), seconds: 3.137 },
    { title: NASTY, png: green, seconds: 2.4 },
    { title: 'Three', png: png(BLUE, '800x450'), audio: await tone('b.mp3', 5), seconds: 3.3 },
  ];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const TOTAL = 3.137 + 2.4 + 3.3;

const inputFor = (name: string, over: Partial<VideoInput> = {}): VideoInput => ({
  ...{ ffmpeg: ffmpegPath(), folder, title: 'Obst = gut; #1', language: 'de-AT', slides, captions: CAPTIONS },
  ...{ out: path.join(folder, name), signal: new AbortController().signal },
  ...over,
});

const leftOvers = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('video-') || name === 'none.mp4');

/** The colour in the middle of the picture that a player shows at this time. */
const colorAt = (file: string, seconds: number): number[] => {
  const crop = ['-frames:v', '1', '-vf', 'crop=2:2:959:539,scale=1:1:in_color_matrix=bt709,format=rgb24'];
  return [...media(['-ss', String(seconds), '-i', file, ...crop], 'rawvideo')];
};

const isNear = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, index) => Math.abs(value - other[index]!) < 12);

/** Tenths of a second in which there is sound. */
function loudTenths(file: string): boolean[] {
  const pcm = media(['-i', file, '-vn', '-ac', '1', '-ar', '8000'], 's16le');
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length >> 1);
  return Array.from({ length: Math.floor(samples.length / 800) }, (_, tenth) =>
    samples.subarray(tenth * 800, tenth * 800 + 800).some((value) => Math.abs(value) > 500),
  );
}

describe('makeVideo', () => {
  let file: string;
  const shares: number[] = [];

  beforeAll(async () => {
    const made = await makeVideo(inputFor('deck.mp4', { onProgress: (share) => void shares.push(share) }));
    expect(made.duration_s).toBeCloseTo(TOTAL);
    file = path.join(folder, 'deck.mp4');
  });

  test('shows each slide at its time', () => {
    const expected = [
      ...([
        [0, RED],
        [3, RED],
        [3.2, GREEN],
        [5.4, GREEN],
        [5.6, BLUE],
        [8.7, BLUE],
      ] as const),
    ];
    for (const [seconds, color] of expected) {
      expect([seconds, isNear(colorAt(file, seconds), color)]).toEqual([seconds, true]);
    }
  });

  test('lets each slide’s sound begin with it, then silence until the next', () => {
    const loud = loudTenths(file);
    expect(loud.slice(0, 20)).not.toContain(false);
    expect(loud.slice(22, 55)).not.toContain(true);
    expect(loud.slice(57, 87)).not.toContain(false);
  });

  test('makes the same bytes of the same slides', async () => {
    await makeVideo(inputFor('again.mp4'));
    expect((await readFile(path.join(folder, 'again.mp4'))).equals(await readFile(file))).toBe(true);
  });

  test('tells how far it is and leaves nothing beside the film', async () => {
    expect([...shares].sort((one, other) => one - other)).toEqual(shares);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(await leftOvers()).toEqual([]);
  });

  describeWithTools('ffprobe')('to ffprobe', () => {
    const probe = (name = 'deck.mp4') =>
      JSON.parse(
        runTool('ffprobe', [
          ...['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters'],
          path.join(folder, name),
        ]),
      );

    test('is H.264, AAC and captions as long as its slides', () => {
      const { format, streams } = probe();
      expect(Math.abs(Number(format.duration) - TOTAL)).toBeLessThan(0.1);
      expect(format.tags.title).toBe('Obst = gut; #1');
      const picture = { codec_name: 'h264', width: 1920, height: 1080, pix_fmt: 'yuv420p' };
      expect(streams[0]).toMatchObject({ ...picture, r_frame_rate: '10/1', color_space: 'bt709' });
      expect(streams[1]).toMatchObject({ codec_name: 'aac', tags: { language: 'deu' } });
      expect(Math.abs(Number(streams[1].duration) - TOTAL)).toBeLessThan(0.03);
      expect(streams[2]).toMatchObject({ codec_name: 'mov_text', tags: { language: 'deu' } });
    });

    test('has a chapter per slide, whatever its title', () => {
      const { chapters, streams } = probe() as {
        chapters: { start_time: string; tags: { title: string } }[];
        streams: { nb_frames: string }[];
      };
      // Chapters are written twice: as a list, and as a track for QuickTime.
      expect(streams.at(-1)!.nb_frames).toBe('3');
      expect(chapters.map(({ start_time, tags }) => [Number(start_time), tags.title])).toEqual([
        [0, 'One'],
        [3.137, 'a=b; #c \\ d next'],
        [5.537, 'Three'],
      ]);
    });

    test('is without captions and sound where there are none', async () => {
      const silent = slides.map(({ title, png: picture }) => ({ title, png: picture, seconds: 0.5 }));
      await makeVideo(inputFor('silent.mp4', { slides: silent, captions: 'WEBVTT\n' }));
      const { streams, format } = probe('silent.mp4') as {
        streams: { codec_name: string }[];
        format: { duration: string };
      };
      expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac', 'bin_data']);
      expect(Number(format.duration)).toBeCloseTo(1.5, 1);
    });
  });

  test('begins with its index, so that it plays while it loads', async () => {
    const bytes = await readFile(file);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.indexOf('moov')).toBeGreaterThan(0);
  });

  test('leaves nothing when it is cancelled', async () => {
    const controller = new AbortController();
    const long = slides.map((slide) => ({ ...slide, seconds: 600 }));
    const film = makeVideo(
      inputFor('none.mp4', {
        slides: long,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }),
    );
    await expect(film).rejects.toThrow('enough');
    expect(await leftOvers()).toEqual([]);
  });

  test('leaves nothing when a picture is none', async () => {
    const broken = [{ title: 'One', png: Buffer.from('no picture'), seconds: 1 }];
    await expect(makeVideo(inputFor('none.mp4', { slides: broken }))).rejects.toThrow('ffmpeg ended with');
    expect(await leftOvers()).toEqual([]);
  });

  test('refuses a film of nothing', async () => {
    await expect(makeVideo(inputFor('none.mp4', { slides: [] }))).rejects.toThrow(RangeError);
  });
});
