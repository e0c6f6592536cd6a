/** What ffmpeg reads beside pictures and sound: chapters with titles, and which picture stands how long. */
import { oneLine } from './one-line';
import { clip } from './wrap';

/** A second has ten pictures: enough for slides, and few to encode. */
export const FRAME_RATE = 10;

/** MP4 counts the bytes of a chapter's title in one byte. */
const TITLE_BYTES = 255;

export interface Shot {
  readonly title: string;
  /** More than 0. */
  readonly seconds: number;
}

/** When each shot starts, and at last when the film ends. */
export function startsOf(shots: readonly { readonly seconds: number }[]): number[] {
  const starts = [0];
  for (const { seconds } of shots) starts.push(starts.at(-1)! + seconds);
  return starts;
}

const escaped = (text: string): string => oneLine(text).replace(/[=;#\\]/g, '\\$&');

const chapterTitle = (title: string): string =>
  clip(oneLine(title), (text) => new TextEncoder().encode(text).length <= TITLE_BYTES);

/** https://ffmpeg.org/ffmpeg-formats.html#Metadata-1; milliseconds. */
export function chapterList(title: string, shots: readonly Shot[]): string {
  const times = startsOf(shots).map((seconds) => Math.round(seconds * 1000));
  const chapters = shots.map(
    (shot, index) =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${times[index]}\nEND=${times[index + 1]}\n` +
      `title=${escaped(chapterTitle(shot.title))}\n`,
  );
  return `;FFMETADATA1\ntitle=${escaped(title)}\n${chapters.join('')}`;
}

/** How many pictures the film has up to each shot's start, and at last in all. */
export const framesOf = (shots: readonly { readonly seconds: number }[]): number[] =>
  startsOf(shots).map((seconds) => Math.round(seconds * FRAME_RATE));

const quoted = (file: string): string => `'${file.replaceAll("'", "'\\''")}'`;

/** https://ffmpeg.org/ffmpeg-formats.html#concat-1. The last file stands twice, or its length would not count. */
export function pictureList(shots: readonly { readonly file: string; readonly seconds: number }[]): string {
  const frames = framesOf(shots);
  const entries = shots.map(({ file }, index) => {
    const seconds = (frames[index + 1]! - frames[index]!) / FRAME_RATE;
    return `file ${quoted(file)}\nduration ${seconds}\n`;
  });
  return `ffconcat version 1.0\n${entries.join('')}file ${quoted(shots.at(-1)!.file)}\n`;
}
