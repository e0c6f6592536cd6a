import fc from 'fast-check';
import { cutWindows, FRAME_S, speechThresholdDb, windowRules, type Window } from './windows';

const rules = windowRules();

const levels = (...stretches: readonly (readonly [seconds: number, db: number])[]): Float32Array =>
  Float32Array.from(stretches.flatMap(([s, db]) => new Array<number>(Math.round(s / FRAME_S)).fill(db)));

/** Stretches of speech, noise and silence of any length, with some unrest within. */
const recordings = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: -120, max: 0 }), fc.integer({ max: 1e6 })),
    { maxLength: 20 },
  )
  .map((stretches) =>
    Float32Array.from(
      stretches.flatMap(([frames, db, seed]) =>
        Array.from({ length: frames }, (_frame, at) => db + (((at * 7919 + seed) % 13) - 6)),
      ),
    ),
  );

const anyRules = fc
  .record({
    maxS: fc.integer({ min: 1, max: 3000 }).map((cs) => cs / 100),
    padS: fc.integer({ min: 0, max: 40 }).map((cs) => cs / 100),
    pauseS: fc.integer({ min: 0, max: 100 }).map((cs) => cs / 100),
  })
  .filter(({ maxS, padS }) => maxS >= 2 * padS + 2 * FRAME_S);

/** Frames of stretches that stay above the threshold for 120 ms and more. */
function loudStretches(levelsDb: Float32Array): Window[] {
  const threshold = speechThresholdDb(levelsDb);
  const found: Window[] = [];
  let first = -1;
  for (let frame = 0; frame <= levelsDb.length; frame += 1) {
    const isLoud = frame < levelsDb.length && levelsDb[frame]! >= threshold;
    if (isLoud && first < 0) first = frame;
    if (!isLoud && first >= 0) {
      if (frame - first >= 6) found.push({ start_s: first * FRAME_S, end_s: frame * FRAME_S });
      first = -1;
    }
  }
  return found;
}

/** Seconds of `stretch` that no window holds. */
function uncovered(stretch: Window, windows: readonly Window[]): number {
  const held = windows.map(({ start_s, end_s }) =>
    Math.max(0, Math.min(end_s, stretch.end_s) - Math.max(start_s, stretch.start_s)),
  );
  return stretch.end_s - stretch.start_s - held.reduce((sum, s) => sum + s, 0);
}

it('keeps windows in order, apart, within the recording and short enough', () => {
  fc.assert(
    fc.property(recordings, anyRules, (levelsDb, over) => {
      const windows = cutWindows(levelsDb, windowRules(over));
      let before = 0;
      for (const { start_s, end_s } of windows) {
        expect(start_s).toBeGreaterThanOrEqual(before);
        expect(end_s).toBeGreaterThan(start_s);
        expect(end_s - start_s).toBeLessThanOrEqual(over.maxS + 1e-6);
        before = end_s;
      }
      expect(before).toBeLessThanOrEqual(levelsDb.length * FRAME_S + 1e-3);
    }),
  );
});

it('loses nothing that is loud for 120 ms', () => {
  fc.assert(
    fc.property(recordings, anyRules, (levelsDb, over) => {
      const windows = cutWindows(levelsDb, windowRules(over));
      for (const stretch of loudStretches(levelsDb))
        expect(uncovered(stretch, windows)).toBeLessThanOrEqual(1e-6);
    }),
  );
});

it('finds nothing in silence, nor in noise that lies below speech', () => {
  fc.assert(
    fc.property(fc.integer({ max: 5000 }), fc.integer({ min: -120, max: -62 }), (frames, db) => {
      const unrest = (at: number) => ((at * 31) % 13) - 6;
      const levelsDb = Float32Array.from(
        { length: Math.abs(frames % 5000) },
        (_frame, at) => db + unrest(at),
      );
      expect(cutWindows(levelsDb, rules)).toEqual([]);
    }),
  );
  expect(cutWindows(new Float32Array(), rules)).toEqual([]);
});

it('does not take a click for speech', () => {
  expect(cutWindows(levels([5, -80], [0.1, -10], [5, -80]), rules)).toEqual([]);
});

it('hears a recording that is very quiet', () => {
  const windows = cutWindows(levels([2, -85], [3, -50], [2, -85]), rules);
  expect(windows).toEqual([{ start_s: 1.8, end_s: 5.2 }]);
});

it('takes noise without a pause as speech rather than losing it', () => {
  const windows = cutWindows(levels([60, -25]), rules);
  expect(windows.length).toBeGreaterThanOrEqual(5);
  expect(uncovered({ start_s: 0, end_s: 60 }, windows)).toBeCloseTo(0);
});

it('keeps a short remark in a long noisy hour', () => {
  const windows = cutWindows(levels([600, -50], [2, -20], [600, -50]), rules);
  expect(uncovered({ start_s: 600, end_s: 602 }, windows)).toBeCloseTo(0);
});

it('joins what a breath parts, parts what a pause parts, and pads both', () => {
  const short = windowRules({ maxS: 3 });
  expect(cutWindows(levels([1, -80], [1, -20], [0.2, -80], [1, -20], [1, -80]), short)).toEqual([
    { start_s: 0.8, end_s: 3.4 },
  ]);
  expect(cutWindows(levels([1, -80], [1, -20], [1, -80], [1, -20], [1, -80]), short)).toEqual([
    { start_s: 0.8, end_s: 2.2 },
    { start_s: 2.8, end_s: 4.2 },
  ]);
});

it('cuts speech that is too long where it is quietest', () => {
  const windows = cutWindows(levels([1, -80], [9, -20], [0.1, -40], [9, -20], [1, -80]), rules);
  expect(windows).toHaveLength(2);
  expect(windows[0]!.end_s).toBeGreaterThanOrEqual(10);
  expect(windows[0]!.end_s).toBeLessThanOrEqual(10.1);
  expect(windows[1]!.start_s).toBe(windows[0]!.end_s);
});

it('lets two windows share the pause between them when it is shorter than their pads', () => {
  const wide = windowRules({ maxS: 2, padS: 0.4, pauseS: 0.1 });
  const windows = cutWindows(levels([1, -80], [1, -20], [0.2, -80], [1, -20], [1, -80]), wide);
  expect(windows).toEqual([
    { start_s: 0.6, end_s: 2.1 },
    { start_s: 2.1, end_s: 3.6 },
  ]);
});
