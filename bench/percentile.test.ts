import { median, percentile } from './percentile';

const hundred = Array.from({ length: 100 }, (_value, index) => 100 - index);

test('takes the nearest rank', () => {
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile(hundred, 0)).toBe(1);
});

test('of a few values a high percentile is the largest', () => {
  expect(percentile([3, 1, 2], 0.95)).toBe(3);
  expect(percentile([7], 0.5)).toBe(7);
});

test('the median lies between the two middle values', () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('of nothing there is no percentile', () => {
  expect(percentile([], 0.5)).toBeNaN();
  expect(median([])).toBeNaN();
});

test('leaves its input in order', () => {
  const values = [2, 1];
  percentile(values, 0.5);
  median(values);
  expect(values).toEqual([2, 1]);
});
