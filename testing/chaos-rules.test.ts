import { expectedCalls, expectedWait } from './chaos-rules';

test.each([
  ['500', 1, 3, 3],
  ['500', 2, 5, 6],
  ['500', 3, 5, 7],
  ['500', 9, 5, 8],
  ['401', 4, 4, 4],
  ['503 + Retry-After', 1, 1, 1],
  ['503 + Retry-After', 9, 1, 4],
] as const)('%s for %i pieces: from %i to %i calls', (fault, pieces, least, most) => {
  expect(expectedCalls(fault, pieces)).toEqual({ least, most });
});

const waits = { timeoutS: 2, retryBaseS: 0.5, retryAfterS: 1 };

test.each([
  ['reset', 1, 1.5, 2.25],
  ['hang', 1, 7.5, 8.25],
  ['429', 1, 2, 2.5],
  // The circuit opens in the second round.
  ['hang', 3, 4.5, 8.25],
  ['401', 3, 0, 0],
] as const)('%s for %i pieces: from %f to %f s', (fault, pieces, least, most) => {
  expect(expectedWait(fault, pieces, waits)).toEqual({ least, most });
});
