import fc from 'fast-check';
import { uuidOf } from './ids';

const part = fc.oneof(fc.string(), fc.integer());

test('is a UUID of version 8 and its variant', () => {
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      expect(uuidOf(...parts)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test('the same parts give the same, others another', () => {
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (a, b) => {
      expect(uuidOf(...a) === uuidOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(uuidOf('a', 'b')).not.toBe(uuidOf('ab'));
  expect(uuidOf('1')).not.toBe(uuidOf(1));
});

test('stays what it was, since rows are named by it', () => {
  expect(uuidOf('transcription', '7f3c')).toBe('0c87251c-10df-828f-b45a-ca0fc1967c1e');
});
