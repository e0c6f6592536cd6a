import { countQuickFailures, restartDelayMs, STANDARD_BACKOFF } from './backoff';

test('delays double from half a second to ten', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7].map((failures) => restartDelayMs(failures, STANDARD_BACKOFF));
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('quick failures add up until a run was long enough', () => {
  expect(countQuickFailures(0, 0, STANDARD_BACKOFF)).toBe(1);
  expect(countQuickFailures(3, 29_999, STANDARD_BACKOFF)).toBe(4);
  expect(countQuickFailures(3, 30_000, STANDARD_BACKOFF)).toBe(1);
});
