import { readOptions } from './options';

const KNOWN = ['poll', 'start', 'boot'];

test('without options everything runs at full length', () => {
  expect(readOptions([], KNOWN)).toEqual({ quick: false, only: [] });
});

test('takes names and the short form', () => {
  expect(readOptions(['--quick', '--only=poll,boot'], KNOWN)).toEqual({
    quick: true,
    only: ['poll', 'boot'],
  });
});

test('refuses what it does not know', () => {
  expect(() => readOptions(['--only=pole'], KNOWN)).toThrow('There is no pole; there are poll, start, boot');
  expect(() => readOptions(['--fast'], KNOWN)).toThrow("Unknown option '--fast'");
});
