/** Loudness of a PCM stream, frame by frame, in memory that grows by four bytes per frame. */
import { FRAME_S } from './windows';

/** What every decoder of ours delivers: signed 16-bit little-endian mono. */
export const SAMPLE_RATE = 16_000;
export const BYTES_PER_SECOND = SAMPLE_RATE * 2;

const SAMPLES_PER_FRAME = SAMPLE_RATE * FRAME_S;

export class LevelMeter {
  private readonly levels: number[] = [];
  private sum = 0;
  private count = 0;
  private odd: Buffer = Buffer.alloc(0);
  private samples = 0;

  /** Chunks may end anywhere, even in the middle of a sample. */
  add(chunk: Buffer): void {
    const data = this.odd.length > 0 ? Buffer.concat([this.odd, chunk]) : chunk;
    const even = data.length - (data.length % 2);
    for (let at = 0; at < even; at += 2) this.sample(data.readInt16LE(at) / 32_768);
    this.odd = Buffer.from(data.subarray(even));
  }

  private sample(value: number): void {
    this.sum += value * value;
    this.count += 1;
    this.samples += 1;
    if (this.count === SAMPLES_PER_FRAME) this.endFrame();
  }

  private endFrame(): void {
    this.levels.push(10 * Math.log10(this.sum / Math.max(1, this.count) + 1e-12));
    this.sum = 0;
    this.count = 0;
  }

  /** dBFS of each frame; a last, shorter frame counts. */
  finish(): { levelsDb: Float32Array; duration_s: number } {
    if (this.count > 0) this.endFrame();
    return { levelsDb: Float32Array.from(this.levels), duration_s: this.samples / SAMPLE_RATE };
  }
}

/** 16-bit samples as the engines take them, −1…1. */
export function toFloat32(pcm: Buffer): Float32Array {
  const samples = new Float32Array(Math.floor(pcm.length / 2));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = pcm.readInt16LE(index * 2) / 32_768;
  return samples;
}
