/** A deck as a film: each slide stands while it is spoken. One ffmpeg run encodes; sound lies in one exact track before. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chapterList, FRAME_RATE, framesOf, pictureList, startsOf } from './deck/film-lists';
import { threeLetters } from './deck/iso-639';
import { runFfmpeg } from './ffmpeg';
import { writeSoundTrack } from './sound-track';

export interface VideoSlide {
  readonly title: string;
  /** A file, or its bytes: PNG of 1920 × 1080, or another of that shape. */
  readonly png: string | Uint8Array;
  /** A file of any sound that ffmpeg reads. */
  readonly audio?: string;
  /** How long the slide stands; sound that is longer is cut. */
  readonly seconds: number;
}

export interface VideoInput {
  readonly ffmpeg: string;
  /** Where work may lie for a while; a folder is made in it and goes again. */
  readonly folder: string;
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly slides: readonly VideoSlide[];
  /** Text of an SRT or WebVTT file. */
  readonly captions?: string;
  /** The MP4 to be written; nothing is left there after a failure. */
  readonly out: string;
  readonly signal: AbortSignal;
  /** From 0 to 1, about twice a second. */
  readonly onProgress?: (share: number) => void;
}

/** Seconds between key frames, besides one at each slide: how far a player decodes to seek. */
const KEY_EVERY_S = 5;

const TO_SIZE = 'scale=1920:1080:flags=lanczos:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p';
/** A picture of another size or depth must not begin the filters, and with them the count of pictures, anew. */
const ONE_GRAPH = ['-reinit_filter', '0'];
/** Converts each slide once and only then repeats it. A limit on the output instead would cut the sound too. */
const filterFor = (frames: number): string => `${TO_SIZE},fps=${FRAME_RATE},trim=end_frame=${frames}`;

const COLORS = [
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709'],
  ...['-color_trc', 'bt709', '-color_range', 'tv'],
];
/** Nothing moves: what looks for movement, and ahead for changes, is off. */
const STILL = 'subme=0:bframes=0:rc-lookahead=0:mbtree=0:weightp=0:scenecut=0';
const PICTURE = [
  ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'stillimage', '-crf', '20'],
  ...['-x264-params', STILL, ...COLORS],
];
/** Speech of one voice. */
const SOUND = ['-c:a', 'aac', '-b:a', '96k'];

/**
 * Milliseconds. By itself ffmpeg 9 counts so finely, for the captions' sake, that the chapters' times overflow.
 * The index comes first; equal slides are equal bytes.
 */
const CONTAINER = [
  ...['-movie_timescale', '1000', '-movflags', '+faststart'],
  ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
];

interface Files {
  readonly pictures: string;
  readonly sound: readonly string[];
  readonly chapters: string;
  readonly captions?: string;
}

/** Writes what ffmpeg reads, all but the sound. */
async function writeLists(
  folder: string,
  { title, slides, captions }: VideoInput,
): Promise<Omit<Files, 'sound'>> {
  const inFolder = (name: string): string => path.join(folder, name);
  const write = async (name: string, data: string | Uint8Array): Promise<string> => {
    await writeFile(inFolder(name), data);
    return inFolder(name);
  };
  const shots = await Promise.all(
    slides.map(async ({ png, seconds }, index) => ({
      file: typeof png === 'string' ? path.resolve(png) : await write(`slide-${index}.png`, png),
      seconds,
    })),
  );
  const hasCaptions = captions !== undefined && captions.includes('-->');
  const kind = captions?.trimStart().startsWith('WEBVTT') ? 'vtt' : 'srt';
  return {
    pictures: await write('pictures.ffconcat', pictureList(shots)),
    chapters: await write('chapters.ffmeta', chapterList(title, slides)),
    ...(hasCaptions && { captions: await write(`captions.${kind}`, captions) }),
  };
}

function argumentsFor({ slides, language, out }: VideoInput, files: Files): string[] {
  const code = threeLetters(language);
  const frames = framesOf(slides);
  const keys = frames.slice(0, -1).map((frame) => frame / FRAME_RATE);
  const inputs = [
    ...[...ONE_GRAPH, '-f', 'concat', '-safe', '0', '-i', files.pictures, ...files.sound, '-f', 'ffmetadata'],
    ...['-i', files.chapters, ...(files.captions ? ['-i', files.captions] : [])],
  ];
  const captions = ['-map', '3:s', '-c:s', 'mov_text', '-metadata:s:s:0', `language=${code}`];
  return [
    ...['-y', ...inputs, '-map', '0:v', '-map', '1:a', ...(files.captions ? captions : [])],
    ...['-map_metadata', '2', '-map_chapters', '2', '-metadata:s:a:0', `language=${code}`],
    ...['-vf', filterFor(frames.at(-1)!), ...PICTURE, '-g', String(KEY_EVERY_S * FRAME_RATE)],
    ...['-force_key_frames', keys.join(','), ...SOUND],
    ...[...CONTAINER, '-progress', 'pipe:1', '-f', 'mp4', out],
  ];
}

async function encode(input: VideoInput, files: Files, total: number): Promise<void> {
  const run = runFfmpeg(input.ffmpeg, argumentsFor(input, files), input.signal);
  for await (const line of createInterface({ input: run.stdout })) {
    const microseconds = Number(/^out_time_us=(\d+)$/.exec(line)?.[1]);
    if (microseconds) input.onProgress?.(Math.min(1, microseconds / 1e6 / total));
  }
  await run.ended;
}

/** Writes the MP4: H.264 and AAC, a chapter per slide, captions as a track of their own. */
export async function makeVideo(input: VideoInput): Promise<{ duration_s: number }> {
  const { slides, signal, out } = input;
  signal.throwIfAborted();
  const total = startsOf(slides).at(-1)!;
  if (slides.length === 0 || !slides.every(({ seconds }) => seconds > 0))
    throw new RangeError('A film needs slides that stand for a while');
  const folder = await mkdtemp(path.join(input.folder, 'video-'));
  try {
    const lists = await writeLists(folder, input);
    const sound = await writeSoundTrack(path.join(folder, 'sound.pcm'), input);
    await encode(input, { ...lists, sound }, total);
    return { duration_s: total };
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
