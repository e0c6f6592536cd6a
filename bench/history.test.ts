import { uncovered } from './history';

test('counts what no stretch covers, however they overlap', () => {
  expect(uncovered([], [0, 10])).toBe(10);
  expect(
    uncovered(
      [
        [2, 4],
        [6, 9],
      ],
      [0, 10],
    ),
  ).toBe(5);
  expect(
    uncovered(
      [
        [1, 8],
        [2, 3],
        [7, 9],
      ],
      [0, 10],
    ),
  ).toBe(2);
  expect(
    uncovered(
      [
        [6, 9],
        [0, 6],
      ],
      [0, 9],
    ),
  ).toBe(0);
});
