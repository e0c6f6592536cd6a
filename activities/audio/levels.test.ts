import fc from 'fast-check';
import { BYTES_PER_SECOND, LevelMeter, toFloat32 } from './levels';

const measure = (chunks: readonly Buffer[]) => {
  const meter = new LevelMeter();
  for (const chunk of chunks) meter.add(chunk);
  return meter.finish();
};

function cutAt(pcm: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (pcm.length + 1)), pcm.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => pcm.subarray(at[index], end));
}

const sine = (seconds: number, amplitude: number): Buffer => {
  const pcm = Buffer.alloc(seconds * BYTES_PER_SECOND);
  for (let at = 0; at < pcm.length / 2; at += 1)
    pcm.writeInt16LE(Math.round(amplitude * 32_767 * Math.sin(at / 5)), at * 2);
  return pcm;
};

it('measures the same however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 4000 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (bytes, cuts) => {
        const pcm = Buffer.from(bytes);
        expect(measure(cutAt(pcm, cuts))).toEqual(measure([pcm]));
      },
    ),
  );
});

it('gives one level per 20 ms, the last one of what is left', () => {
  const { levelsDb, duration_s } = measure([sine(0.05, 0.5)]);
  expect(levelsDb).toHaveLength(3);
  expect(duration_s).toBeCloseTo(0.05);
});

it('measures in decibels of full scale', () => {
  const { levelsDb } = measure([sine(1, 1)]);
  for (const level of levelsDb) expect(level).toBeCloseTo(-3, 0);
  expect(measure([Buffer.alloc(640)]).levelsDb[0]).toBeCloseTo(-120);
});

it('knows that nothing came', () => {
  expect(measure([])).toEqual({ levelsDb: new Float32Array(), duration_s: 0 });
});

it('turns samples into floats between −1 and 1', () => {
  const pcm = Buffer.from([0x00, 0x80, 0xff, 0x7f, 0x00, 0x00, 0x55]);
  expect([...toFloat32(pcm)]).toEqual([-1, expect.closeTo(0.99997, 4), 0]);
});
