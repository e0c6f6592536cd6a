/** What ffmpeg said of work that it could not do. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';

  constructor(
    /** Null where it was killed. */
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`ffmpeg ended with ${exitCode}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  }
}
