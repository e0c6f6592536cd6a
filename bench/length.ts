import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { locateAsset } from '../assets/locate';
import { loadConfig } from '../config';
import { createClient, hasEnded, type Client } from './client';
import { newFolder, removeFolder, sampleFile, withPlatform, type Platform } from './platform';
import type { Figure, Scenario, Settings } from './scenario';
import { memoryOfTree } from './usage';

const BAR = 1.2;
const LECTURE_S = 247;
const EVERY_MS = 500;

/** The lecture again and again, as one MP3. */
async function repeated(folder: string, seconds: number): Promise<Buffer> {
  const { cache_dir, ffmpeg_path } = loadConfig();
  const ffmpeg = ffmpeg_path ?? locateAsset('ffmpeg', cache_dir) ?? 'ffmpeg';
  const file = path.join(folder, `${seconds}.mp3`);
  const loops = String(Math.ceil(seconds / LECTURE_S) - 1);
  const input = ['-stream_loop', loops, '-i', sampleFile('lecture.mp3')];
  await promisify(execFile)(ffmpeg, ['-v', 'error', ...input, '-t', String(seconds), '-c', 'copy', file]);
  return readFile(file);
}

interface Peak {
  readonly mb: number;
  readonly tookS: number;
}

/** Most memory of API and worker with all their children while a transcription runs. */
async function peakOf({ pidOf }: Platform, client: Client, recording: Buffer): Promise<Peak> {
  const beganAt = performance.now();
  const source_id = await client.upload(recording, 'lecture.mp3');
  const job_id = await client.start('transcribe', { source_id, language: 'en' });
  let mb = 0;
  for (;;) {
    const [api, worker] = await Promise.all([memoryOfTree(pidOf('api')), memoryOfTree(pidOf('worker'))]);
    mb = Math.max(mb, api + worker);
    const job = await client.job(job_id);
    if (hasEnded(job)) {
      if (!job.status.startsWith('completed')) throw new Error(`${job.status}: ${job.error?.message}`);
      return { mb, tookS: (performance.now() - beganAt) / 1000 };
    }
    await sleep(EVERY_MS);
  }
}

async function run({ quick, say }: Settings): Promise<Figure[]> {
  const [shortS, longS] = quick ? [120, 1_200] : [600, 10_800];
  const folder = await newFolder();
  try {
    const peakFor = async (seconds: number): Promise<Peak> => {
      const recording = await repeated(folder, seconds);
      const peak = await withPlatform({ WHISPER_MODEL: 'tiny.en' }, (platform) =>
        peakOf(platform, createClient(platform), recording),
      );
      say(`${seconds} s of sound: ${peak.mb.toFixed(0)} MB, ${peak.tookS.toFixed(0)} s`);
      return peak;
    };
    return [figureOf(await peakFor(shortS), await peakFor(longS), shortS, longS)];
  } finally {
    await removeFolder(folder);
  }
}

function figureOf(short: Peak, long: Peak, shortS: number, longS: number): Figure {
  const ratio = long.mb / short.mb;
  return {
    what: `peak memory, ${longS / 60} minutes of sound ÷ ${shortS / 60} minutes`,
    measured: `${ratio.toFixed(2)} ×`,
    bar: `≤ ${BAR} ×`,
    held: ratio <= BAR,
    beside:
      `${long.mb.toFixed(0)} MB against ${short.mb.toFixed(0)} MB; ` +
      `${long.tookS.toFixed(0)} s and ${short.tookS.toFixed(0)} s from the upload on`,
  };
}

export const length: Scenario = {
  name: 'length',
  title: 'Long recordings',
  how:
    'The sample lecture repeated to ten minutes and to three hours becomes a transcript (`transcribe`, Whisper tiny.en), ' +
    'each on a fresh stack; every half second the resident memory of API, worker and all their child processes is ' +
    'added up, with shared pages divided among those who share them (PSS). The largest sum counts.',
  run,
};
