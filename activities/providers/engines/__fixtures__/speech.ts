import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER = 44;

/** "It was the best of times, it was the worst of times." (5 s, read by Pete Warden, CC0), 16 kHz mono. */
export function readSpeech(): Float32Array {
  return pcmOf(readFileSync(join(__dirname, 'two-cities.wav')));
}

/** Samples of a 16-bit mono WAV with the shortest header. */
export function pcmOf(wav: Uint8Array): Float32Array {
  const bytes = Buffer.from(wav);
  return Float32Array.from(
    { length: (bytes.length - HEADER) / 2 },
    (_, index) => bytes.readInt16LE(HEADER + 2 * index) / 32_768,
  );
}

/** Good enough for a test: linear interpolation. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  return Float32Array.from({ length: Math.floor((samples.length * to) / from) }, (_, index) => {
    const position = (index * from) / to;
    const left = Math.floor(position);
    const [before = 0, after = 0] = [samples[left], samples[left + 1]];
    return before + (after - before) * (position - left);
  });
}

/** Repeatable noise of the given amplitude, no voice in it. */
export function noise(seconds: number, amplitude: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * 16_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 1_073_741_823 - 1) * amplitude;
  });
}
