/** One ffmpeg process per call, killed on cancel; what it says on stderr explains a failure. */
import { spawn } from 'node:child_process';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { StepError } from './failures';
import { FfmpegError } from './ffmpeg-error';

const STDERR_LIMIT = 16_384;

export interface FfmpegRun {
  readonly stdout: Readable;
  /** Resolves with what was said on stderr when the process ended well; rejects with `FfmpegError`, or the signal's reason. */
  readonly ended: Promise<string>;
}

/** `-nostdin`, or ffmpeg would read the worker's terminal; `info` for filters that print what they measure. */
export function runFfmpeg(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  loglevel: 'error' | 'info' = 'error',
): FfmpegRun {
  const child = spawn(program, ['-hide_banner', '-nostdin', '-nostats', '-loglevel', loglevel, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else if (error.code === 'ENOENT')
        reject(new StepError('FFMPEG_MISSING', `${program} is not there`, 'npm run assets'));
      else reject(error);
    });
    child.once('close', (exitCode) => {
      if (signal.aborted) reject(signal.reason);
      else if (exitCode === 0) resolve(stderr);
      else reject(new FfmpegError(exitCode, stderr));
    });
  });
  // Whoever reads stdout to its end awaits this afterwards; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  // Node empties what nobody reads yet when a process has ended, and a reader who came later would find nothing.
  const stdout = new PassThrough();
  pipeline(child.stdout, stdout, () => undefined);
  return { stdout, ended };
}
