import { retime, segmentsOf, sentencesOf, wordsOf } from './words';

const RATE = 16_000;
const spanOf = (startS: number, endS: number) => ({ start: startS * RATE, end: endS * RATE });
const piece = (text: string, start: number, end: number) => ({ text, start, end });

it('turns pieces into words with times from the start of the samples', () => {
  const pieces = [piece('', 0, 0), piece('Hello,', 0, 50), piece('world.', 50, 120)];
  expect(wordsOf({ text: ' Hello, world.', pieces }, spanOf(2, 4))).toEqual([
    { text: 'Hello,', start_s: 2, end_s: 2.5, spaced: true },
    { text: 'world.', start_s: 2.5, end_s: 3.2, spaced: true },
  ]);
});

it('keeps times in order and within the samples', () => {
  const pieces = [piece('a', 10, 90), piece('b', 80, 70), piece('c', 90, 3000)];
  const times = wordsOf({ text: 'a b c', pieces }, spanOf(0, 1)).map(({ start_s, end_s }) => [
    start_s,
    end_s,
  ]);
  expect(times).toEqual([
    [0.1, 0.9],
    [0.9, 0.9],
    [0.9, 1],
  ]);
});

it('cuts sentences at their ends', () => {
  const pieces = ['One', 'two.', '"Three?"', 'Four'].map((text, index) =>
    piece(text, index * 10, index * 10 + 10),
  );
  const sentences = sentencesOf(wordsOf({ text: ' One two. "Three?" Four', pieces }, spanOf(0, 1)));
  const segments = sentences.flatMap(segmentsOf);
  expect(segments.map(({ text }) => text)).toEqual(['One two.', '"Three?"', 'Four']);
  expect(segments[0]).toEqual({
    text: 'One two.',
    start_s: 0,
    end_s: 0.2,
    words: [
      { text: 'One', start_s: 0, end_s: 0.1 },
      { text: 'two.', start_s: 0.1, end_s: 0.2 },
    ],
  });
});

it('cuts segments at pauses', () => {
  const pieces = [piece('before', 0, 50), piece('after', 200, 250)];
  expect(segmentsOf(wordsOf({ text: 'before after', pieces }, spanOf(0, 3)))).toHaveLength(2);
});

it('gives a sentence the times of the voice', () => {
  const sentence = wordsOf(
    { text: 'so be it', pieces: [piece('so', 0, 100), piece('be it', 100, 400)] },
    spanOf(0, 4),
  );
  const skipPauses = (start_s: number, end_s: number) => (time_s: number) =>
    10 + (time_s - start_s) / (end_s - start_s);
  expect(retime(sentence, { skipPauses })).toEqual([
    { text: 'so', start_s: 10, end_s: 10.25, spaced: false },
    { text: 'be it', start_s: 10.25, end_s: 11, spaced: true },
  ]);
});

it('puts no spaces where the language has none', () => {
  const pieces = [piece('今日は', 0, 50), piece('元気です', 50, 100)];
  const [segment] = segmentsOf(wordsOf({ text: '今日は元気です', pieces }, spanOf(0, 1)));
  expect(segment?.text).toBe('今日は元気です');
});

it('makes nothing of nothing', () => {
  expect(segmentsOf(wordsOf({ text: '', pieces: [piece('', 0, 0)] }, spanOf(0, 1)))).toEqual([]);
});
