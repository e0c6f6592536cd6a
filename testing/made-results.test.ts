import { begunTwice, madeAgain, type Note } from './made-results';

const notes = (...said: [key: string, what: Note['what']][]): Note[] =>
  said.map(([key, what], id) => ({ id, key, step: `step of ${key}`, what }));

it('sees what is begun or kept again after it was kept', () => {
  const once = notes(['a', 'begun'], ['b', 'begun'], ['a', 'kept'], ['b', 'kept']);
  expect(madeAgain(once)).toEqual([]);
  expect(madeAgain([...once, ...notes(['a', 'begun'])])).toEqual(['step of a']);
  expect(madeAgain([...once, ...notes(['b', 'kept'])])).toEqual(['step of b']);
});

it('sees what is begun again before it was kept, which is no making again', () => {
  const twice = notes(['a', 'begun'], ['b', 'begun'], ['a', 'begun'], ['a', 'kept'], ['b', 'kept']);
  expect(begunTwice(twice)).toEqual(['step of a']);
  expect(madeAgain(twice)).toEqual([]);
});
