import fc from 'fast-check';
import { disposition } from './disposition';
import { rangeOf } from './range';

test.each([
  [undefined, undefined],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-4', { start: 2, end: 4 }],
  ['bytes=5-', { start: 5, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=8-99', { start: 8, end: 9 }],
  ['Bytes= 2-4', { start: 2, end: 4 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-12', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=4-2', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,4-5', undefined],
  ['lines=0-1', undefined],
  ['bytes=a-b', undefined],
])('%s of ten bytes', (header, expected) => {
  expect(rangeOf(header, 10)).toEqual(expected);
});

test('nothing is satisfiable in an empty file', () => {
  expect(rangeOf('bytes=0-', 0)).toBe('unsatisfiable');
});

test('a range always lies inside the file', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat({ max: 1000 }), (from, to, bytes) => {
      const range = rangeOf(`bytes=${from}-${to}`, bytes);
      if (typeof range !== 'object') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThanOrEqual(range.start);
      expect(range.end).toBeLessThan(bytes);
    }),
  );
});

test.each([
  ['a.txt', `attachment; filename="a.txt"; filename*=UTF-8''a.txt`],
  ['Größe "1".vtt', `attachment; filename="Gr__e _1_.vtt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.vtt`],
  [`it's (*).srt`, `attachment; filename="it's (*).srt"; filename*=UTF-8''it%27s%20%28%2A%29.srt`],
  ['100%.txt', `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
])('the file name %s', (name, header) => {
  expect(disposition(name)).toBe(header);
});
