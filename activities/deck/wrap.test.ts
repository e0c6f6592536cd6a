import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadMetrics } from '../load-fonts';
import type { Metrics, TextStyle } from './metrics';
import { clip, NO_BREAK_SPACE, withoutOrphan, wordsOf, wrap } from './wrap';

const STYLE: TextStyle = { size: 20, weight: 'regular' };
const ROUNDING = 1e-6;
let metrics: Metrics;

beforeAll(async () => {
  metrics = await loadMetrics();
});

describe('wrap', () => {
  test('keeps every character and no line is too wide', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 40, max: 400 }),
        (text, width) => {
          const lines = wrap(text, STYLE, width, metrics);
          expect(lines.join('').replace(/ /g, '').normalize('NFC')).toBe(
            wordsOf(text).join('').normalize('NFC'),
          );
          for (const line of lines.filter((one) => Array.from(one).length > 1)) {
            expect(metrics.width(line, STYLE)).toBeLessThanOrEqual(width + ROUNDING);
          }
        },
      ),
    );
  });

  test('breaks between words', () => {
    expect(wrap('one two three', STYLE, metrics.width('one two', STYLE) + 0.1, metrics)).toEqual([
      'one two',
      'three',
    ]);
  });

  test('breaks Chinese between characters', () => {
    const lines = wrap('光合作用把光能变成化学能', STYLE, 100, metrics);
    expect(lines).toEqual(['光合作用把', '光能变成化', '学能']);
  });
});

describe('withoutOrphan', () => {
  const width = () => metrics.width('water and light and', STYLE) + 0.1;

  test('brings a second word to a short last line', () => {
    const text = withoutOrphan('water and light and air', STYLE, width(), metrics);
    expect(text).toBe(`water and light and${NO_BREAK_SPACE}air`);
  });

  test('never holds together what is wider than the line, or a word would be broken', () => {
    const text = 'Common Mistake';
    const tooNarrow = metrics.width('Common Mistak', STYLE);
    expect(withoutOrphan(text, STYLE, tooNarrow, metrics)).toBe(text);
  });

  test('leaves a word with a hyphen where it is', () => {
    const text = 'water and light-and air';
    expect(withoutOrphan(text, STYLE, width(), metrics)).toBe(text);
  });
});

describe('clip', () => {
  const upTo = (length: number) => (text: string) => text.length <= length;

  test('leaves what fits', () => expect(clip('It fits.', upTo(20))).toBe('It fits.'));

  test('prefers a clause’s end', () =>
    expect(clip('Water is split, and oxygen leaves the leaf', upTo(20))).toBe('Water is split…'));

  test('stops at a word’s end', () =>
    expect(clip('Light reactions charge ATP', upTo(20))).toBe('Light reactions…'));

  test('cuts a word only when it is alone', () =>
    expect(clip('Donaudampfschifffahrtsgesellschaft', upTo(10))).toBe('Donaudamp…'));
});
