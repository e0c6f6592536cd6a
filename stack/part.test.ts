import { bareEnvironment, PartError, reasonOf } from './part';

test('a failure is one line: which part, why, what to do', () => {
  const error = new PartError('PostgreSQL', 'did not start:\n  FATAL: no room.\n', 'Make room.');
  expect(error.message).toBe('PostgreSQL did not start: FATAL: no room. Make room');
});

test('the reason of several failures at once names them all', () => {
  const refused = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]);
  expect(reasonOf(refused)).toBe('::1 refused; 127.0.0.1 refused');
  expect(reasonOf(new Error('plain'))).toBe('plain');
  expect(reasonOf('text')).toBe('text');
});

test('a server inherits none of the settings of whoever starts it', () => {
  expect(Object.keys(bareEnvironment('/data'))).toEqual(['PATH', 'HOME', 'TZ', 'LC_ALL']);
});
