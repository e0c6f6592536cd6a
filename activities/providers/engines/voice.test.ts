import { noise } from './__fixtures__/speech';
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

it('takes a steady sound for no voice, however loud', () => {
  expect(findVoice(tones([3, 0.5]))).toBeUndefined();
  expect(findVoice(noise(3, 0.3))).toBeUndefined();
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

it('skips pauses when it places times', () => {
  const voice = findVoice(tones([2, 0.001], [1, 0.3], [3, 0.001], [1, 0.3], [1, 0.001]));
  const timeOf = voice?.skipPauses(0, 8) ?? ((time) => time);
  expect([0, 2, 4.01, 8].map(timeOf).map((time) => Math.round(time * 10) / 10)).toEqual([2, 2.5, 6, 7]);
});

it('takes a short pause for a part of the speech', () => {
  const voice = findVoice(tones([1, 0.3], [0.3, 0.001], [1, 0.3]));
  expect(voice?.skipPauses(0, 2.3)(1.15)).toBeCloseTo(1.15, 1);
});
