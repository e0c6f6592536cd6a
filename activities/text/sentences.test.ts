import fc from 'fast-check';
import type { Segment, Transcript } from '../../domain/transcript';
import { joinSentences, sentencesOfText, sentencesOfTranscript } from './sentences';

const textsOf = (text: string, language = 'en') => sentencesOfText(text, language).map((one) => one.text);

const transcript = (segments: Omit<Segment, 'id'>[], duration_s = 100): Transcript => ({
  schema: 'transcript/1',
  language: 'en',
  duration_s,
  text: segments.map(({ text }) => text).join(' '),
  segments: segments.map((segment, id) => ({ id, ...segment })),
  ...{ provider: 'test', model: 'test', quality: 'standard' },
});

describe('sentences of a text', () => {
  it.each([
    ['titles', 'Dr. Smith went. He came back.', ['Dr. Smith went.', 'He came back.']],
    ['initials', 'W. B. Yeats wrote it. I read it.', ['W. B. Yeats wrote it.', 'I read it.']],
    [
      'a letter at the end',
      'Oranges hold vitamin C. It is sour.',
      ['Oranges hold vitamin C.', 'It is sour.'],
    ],
    ['the pronoun', 'So did I. Then we left.', ['So did I.', 'Then we left.']],
    ['decimals', 'Pi is 3.14 or so. Not 3.', ['Pi is 3.14 or so.', 'Not 3.']],
    ['numbered things', 'See No. 5 and Fig. 3 there. Good.', ['See No. 5 and Fig. 3 there.', 'Good.']],
    ['the word no', 'I said no. We left.', ['I said no.', 'We left.']],
    ['Latin', 'Use metals, e.g. Copper is fine. Next.', ['Use metals, e.g. Copper is fine.', 'Next.']],
    [
      'list marks',
      '1. Evaporation comes first. 2. Then rain.',
      ['1. Evaporation comes first.', '2. Then rain.'],
    ],
    ['quotes', 'He said "Stop." Then he left.', ['He said "Stop."', 'Then he left.']],
  ])('%s', (_, text, sentences) => expect(textsOf(text)).toEqual(sentences));

  it('reads scripts without spaces', () => {
    expect(textsOf('水は循環する。雨が降る。', 'ja')).toEqual(['水は循環する。', '雨が降る。']);
  });

  it('joins lines that the page broke, and parts paragraphs and list items', () => {
    const text = 'The Water\nCycle\n\nWater rises and\nfalls.\n- oceans\n- lakes';
    expect(textsOf(text)).toEqual(['The Water Cycle', 'Water rises and falls.', '- oceans', '- lakes']);
    expect(sentencesOfText(text, 'en').map((one) => one.opens_block ?? false)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it.each(['und', '', 'not a language', 'de-CH'])('takes "%s" as the language', (language) => {
    expect(textsOf('Eins. Zwei.', language)).toEqual(['Eins.', 'Zwei.']);
  });

  it('reads a long text in windows without losing a sentence', () => {
    const sentences = Array.from({ length: 900 }, (_, index) => `Sentence number ${index} is here.`);
    expect(textsOf(sentences.join(' '))).toEqual(sentences);
    const endless = 'word '.repeat(3000).trim();
    expect(textsOf(`${endless}. End.`)).toEqual([`${endless}.`, 'End.']);
  });

  it('says the same of what it has joined', () => {
    const word = fc.constantFrom(
      'Water',
      'rises',
      'Dr.',
      'C.',
      '3.5',
      'e.g.',
      'falls.',
      'Why?',
      '1.',
      '\n\n',
      'so',
      '"Ah!"',
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const once = sentencesOfText(words.join(' '), 'en');
        expect(sentencesOfText(joinSentences(once), 'en')).toEqual(once);
      }),
    );
  });
});

describe('sentences of a transcript', () => {
  const words = (text: string, from: number) =>
    text.split(' ').map((word, index) => ({ text: word, start_s: from + index, end_s: from + index + 0.5 }));

  it('takes seconds from words, over the edges of segments', () => {
    const sentences = sentencesOfTranscript(
      transcript([
        { text: 'Water rises. It', start_s: 0, end_s: 3, words: words('Water rises. It', 0) },
        { text: 'falls again.', start_s: 10, end_s: 12, words: words('falls again.', 10) },
      ]),
    );
    expect(sentences).toEqual([
      { text: 'Water rises.', start_s: 0, end_s: 1.5 },
      { text: 'It falls again.', start_s: 2, end_s: 11.5 },
    ]);
  });

  it('spreads a segment without words by characters', () => {
    const [first, second] = sentencesOfTranscript(
      transcript([{ text: 'One two. Six ten.', start_s: 10, end_s: 27 }]),
    );
    expect(first).toEqual({ text: 'One two.', start_s: 10, end_s: 18 });
    expect(second).toEqual({ text: 'Six ten.', start_s: 19, end_s: 27 });
  });

  it('cuts speech without full stops at its pauses', () => {
    const segments = Array.from({ length: 60 }, (_, index) => ({
      ...{ text: `and then the water number ${index} goes on`, start_s: index, end_s: index + 1 },
    }));
    const sentences = sentencesOfTranscript(transcript(segments));
    expect(sentences.length).toBeGreaterThan(5);
    expect(sentences.map(({ text }) => text).join(' ')).toBe(segments.map(({ text }) => text).join(' '));
  });

  it('keeps seconds ordered and inside the recording, whatever the engine says', () => {
    const segment = fc.record({
      text: fc.constantFrom('Water rises.', 'and then', 'It falls. So', '...', ' '),
      start_s: fc.double({ min: 0, max: 60, noNaN: true }),
      end_s: fc.double({ min: 0, max: 60, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        let latest = 0;
        for (const { start_s, end_s } of sentencesOfTranscript(transcript(segments, 50))) {
          expect(start_s).toBeGreaterThanOrEqual(latest);
          expect(end_s).toBeGreaterThanOrEqual(start_s!);
          expect(end_s).toBeLessThanOrEqual(50);
          latest = start_s!;
        }
      }),
    );
  });
});
