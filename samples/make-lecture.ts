/** `npx tsx samples/make-lecture.ts`: lets the local voice read lecture.txt into lecture.mp3. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { piper } from '../activities/providers/piper';
import { ensureAssets } from '../assets/fetch';
import { progressLines } from '../assets/main';
import { loadConfig } from '../config';

/** Silence between paragraphs, and between sentences on top of the voice's own. */
const PARAGRAPH_S = 0.7;
const SENTENCE_S = 0.35;
const SAMPLE_RATE = 22_050;
const BYTES_PER_SAMPLE = 2;
const WAV_HEADER_BYTES = 44;

const inSamples = (name: string): string => path.join(__dirname, name);

const silence = (seconds: number): Buffer =>
  Buffer.alloc(Math.round(seconds * SAMPLE_RATE) * BYTES_PER_SAMPLE);

/** Every sentence, and how long the silence after it is. */
const sentencesOf = (text: string) =>
  text
    .trim()
    .split(/\n\n+/)
    .map((paragraph) => paragraph.split(/(?<=[.?!])\s+/))
    .flatMap((sentences) =>
      sentences.map((sentence, index) => ({
        sentence,
        pause_s: index === sentences.length - 1 ? PARAGRAPH_S : SENTENCE_S,
      })),
    );

async function speak(text: string, cacheDir: string): Promise<Buffer> {
  const names = ['piper-joe', 'espeak-ng-data'] as const;
  const paths = await ensureAssets(names, { cacheDir, onProgress: progressLines(console.log) });
  const voice = piper({
    modelPath: path.join(paths['piper-joe'], 'voice.onnx'),
    tokensPath: path.join(paths['piper-joe'], 'tokens.txt'),
    espeakDataDir: paths['espeak-ng-data'],
    processes: 1,
    idleMs: 1_000,
  });
  const pieces: Buffer[] = [];
  for (const { sentence, pause_s } of sentencesOf(text)) {
    const { audio } = await voice.speak({ text: sentence, signal: AbortSignal.timeout(60_000) });
    pieces.push(Buffer.from(audio).subarray(WAV_HEADER_BYTES), silence(pause_s));
  }
  return Buffer.concat(pieces);
}

/** 48 kbit/s is enough for one voice, and keeps five minutes below 1.5 MB. */
function encodeMp3(pcm: Buffer, file: string, ffmpeg: string): void {
  const from = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', 'pipe:0'];
  const to = ['-c:a', 'libmp3lame', '-b:a', '48k', '-metadata', 'title=Plate tectonics', file];
  const { status, stderr } = spawnSync(ffmpeg, ['-y', '-loglevel', 'error', ...from, ...to], { input: pcm });
  if (status !== 0) throw new Error(`ffmpeg ended with ${status}: ${stderr.toString()}`);
}

async function main(): Promise<void> {
  const { cache_dir: cacheDir, ffmpeg_path } = loadConfig();
  const { ffmpeg } = await ensureAssets(['ffmpeg'], { cacheDir, given: { ffmpeg: ffmpeg_path } });
  const text = await readFile(inSamples('lecture.txt'), 'utf8');
  const pcm = await speak(text, cacheDir);
  encodeMp3(pcm, inSamples('lecture.mp3'), ffmpeg);
  const seconds = pcm.length / BYTES_PER_SAMPLE / SAMPLE_RATE;
  console.log(`${inSamples('lecture.mp3')}: ${seconds.toFixed(1)} s`);
}

void main();
