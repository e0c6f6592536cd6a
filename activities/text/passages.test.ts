import fc from 'fast-check';
import { passagesSchema } from '../../domain/passage';
import { passagesOfSentences, passagesOfText, passagesOfTranscript } from './passages';
import type { Sentence } from './sentences';
import { countWords } from './words';

/** Sentences that can be told apart, of these many words. */
const sentencesOf = (lengths: readonly number[]): Sentence[] =>
  lengths.map((length, index) => ({
    text: `S${index} ${'word '.repeat(length - 1)}`.trim() + '.',
    ...{ start_s: index * 10, end_s: index * 10 + 9 },
  }));

const indicesIn = (text: string): number[] => [...text.matchAll(/S(\d+)/g)].map(([, index]) => Number(index));

const anyLengths = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 150, max: 500 }),
  ),
  { maxLength: 120 },
);

describe('passages', () => {
  it('hold every sentence, in order, share two at most and never stand still', () => {
    fc.assert(
      fc.property(anyLengths, (lengths) => {
        const sentences = sentencesOf(lengths);
        const passages = passagesOfSentences(sentences);
        let next = 0;
        passages.forEach(({ id, text, start_s, end_s }, at) => {
          const held = indicesIn(text);
          const shared = next - held[0]!;
          expect(id).toBe(`p${at + 1}`);
          expect(held).toEqual(held.map((_, offset) => held[0]! + offset));
          expect(shared).toBeGreaterThanOrEqual(0);
          expect(shared).toBeLessThanOrEqual(2);
          expect(
            countWords(
              sentences
                .slice(held[0], next)
                .map((one) => one.text)
                .join(' '),
            ),
          ).toBeLessThanOrEqual(40);
          expect(held.at(-1)).toBeGreaterThanOrEqual(next);
          expect([start_s, end_s]).toEqual([held[0]! * 10, held.at(-1)! * 10 + 9]);
          next = held.at(-1)! + 1;
        });
        expect(next).toBe(lengths.length);
        expect(passagesSchema.shape.passages.safeParse(passages).success).toBe(true);
      }),
    );
  });

  it('are about 200 words long, unless one sentence is longer', () => {
    fc.assert(
      fc.property(anyLengths, (lengths) => {
        for (const { text } of passagesOfSentences(sentencesOf(lengths))) {
          expect(countWords(text) <= 240 || indicesIn(text).length === 1).toBe(true);
        }
      }),
    );
    const lengths = passagesOfSentences(sentencesOf(new Array<number>(100).fill(15))).map((one) =>
      countWords(one.text),
    );
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(170);
  });

  it('of nothing are none', () => {
    expect(passagesOfText(' \n ', 'en')).toEqual([]);
    const empty = { schema: 'transcript/1' as const, language: 'en', duration_s: 3, text: '', segments: [] };
    expect(passagesOfTranscript({ ...empty, provider: '', model: '', quality: '' })).toEqual([]);
  });

  it('of a text have no seconds and keep its paragraphs apart', () => {
    expect(passagesOfText('Rain\n\nWater falls.', 'en')).toEqual([
      { id: 'p1', text: 'Rain\n\nWater falls.' },
    ]);
  });

  it('of a transcript have the seconds of their sentences', () => {
    const passages = passagesOfTranscript({
      ...{ schema: 'transcript/1', language: 'en', duration_s: 20, text: 'Water rises. It falls.' },
      segments: [{ id: 0, text: 'Water rises. It falls.', start_s: 2, end_s: 9 }],
      ...{ provider: 'test', model: 'test', quality: 'standard' },
    });
    expect(passages).toEqual([{ id: 'p1', text: 'Water rises. It falls.', start_s: 2, end_s: 9 }]);
  });

  it('measure scripts without spaces by their characters', () => {
    const passages = passagesOfText('水は海から空へ昇り雨となって降る。'.repeat(100), 'ja');
    expect(passages.length).toBeGreaterThan(3);
  });
});
