import { findVoice } from './voice';

const RATE = 16_000;

/** A tone of the given amplitude for each stretch of seconds. */
function tones(...stretches: readonly (readonly [seconds: number, amplitude: number])[]): Float32Array {
  const parts = stretches.map(([seconds, amplitude]) =>
    Float32Array.from({ length: seconds * RATE }, (_, index) => amplitude * Math.sin(index / 10)),
  );
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

it('hears nothing in silence, in a quiet room, and in no samples at all', () => {
  expect(findVoice(tones([1, 0]))).toBeUndefined();
  expect(findVoice(tones([1, 0.001]))).toBeUndefined();
  expect(findVoice(new Float32Array(0))).toBeUndefined();
});

it('takes a click for no voice', () => {
  expect(findVoice(tones([1, 0.001], [0.05, 0.5], [1, 0.001]))).toBeUndefined();
});

it('finds where the voice begins and ends, with a margin', () => {
  const voice = findVoice(tones([2, 0.001], [1, 0.3], [3, 0.001]));
  expect(voice).toMatchObject({ start: 1.7 * RATE, end: 3.3 * RATE });
});

it('keeps within the samples', () => {
  expect(findVoice(tones([1, 0.3]))).toMatchObject({ start: 0, end: RATE });
});

it('tells a sentence from a breath', () => {
  const voice = findVoice(tones([2, 0.3], [1, 0.002], [0.2, 0.05], [1.8, 0.002]));
  expect(voice?.isHeardBetween(0, 2)).toBe(true);
  expect(voice?.isHeardBetween(2, 5)).toBe(false);
  expect(voice?.isHeardBetween(1.5, 3)).toBe(true);
});
