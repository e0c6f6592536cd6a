import { findLoop, withoutLoops } from './loops';

const words = (text: string) => text.split(' ');
const cut = (text: string) => withoutLoops(words(text), (word) => word).join(' ');

it.each([
  ['it was the best of times, it was the worst of times, it was the age of wisdom'],
  ['no, no, no, no, that is very very very good'],
  ['again and again and again we tried'],
  ['row row row your boat row row row your boat'],
])('leaves speech alone: %s', (text) => {
  expect(findLoop(words(text))).toBeUndefined();
  expect(cut(text)).toBe(text);
});

it.each([
  ['one word', `it is ${'100% '.repeat(9)}sure`, 'it is 100% sure'],
  ['two words', 'so thank you. Thank you. Thank you, thank you', 'so thank you.'],
  ['a sentence', `${'the cell divides in two. '.repeat(3)}then`, 'the cell divides in two. then'],
  ['two loops', `${'a '.repeat(8)}${'b c '.repeat(4)}end`, 'a b c end'],
])('cuts a loop of %s to one round', (_, text, expected) => {
  expect(cut(text)).toBe(expected);
});

it('says where the loop is', () => {
  expect(findLoop(words('so you know you know you know you know that'))).toEqual({
    start: 1,
    length: 2,
    rounds: 4,
  });
});

it('finds nothing in nothing', () => {
  expect(findLoop([])).toBeUndefined();
});
