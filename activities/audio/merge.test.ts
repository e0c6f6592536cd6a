import fc from 'fast-check';
import { transcriptSchema } from '../../domain/transcript';
import type { RecognizedSegment } from '../providers/spec';
import { mergeWindows, type RecognizedWindow } from './merge';

const facts = { duration_s: 60, provider: 'whisper', model: 'base', quality: 'standard' };

const windowOf = (
  start_s: number,
  end_s: number,
  segments: readonly RecognizedSegment[],
  language = 'en',
): RecognizedWindow => ({ start_s, end_s, recognition: { language, segments } });

it('counts times from the beginning of the recording and numbers the segments', () => {
  const words = [{ text: 'two', start_s: 0.5, end_s: 1 }];
  const merged = mergeWindows(
    [
      windowOf(2, 10, [{ text: ' one ', start_s: 1, end_s: 2 }]),
      windowOf(20, 30, [{ text: 'two', start_s: 0.5, end_s: 1.00049, words }]),
    ],
    facts,
  );
  expect(merged.text).toBe('one two');
  expect(merged.segments).toEqual([
    { id: 0, text: 'one', start_s: 3, end_s: 4 },
    {
      id: 1,
      text: 'two',
      start_s: 20.5,
      end_s: 21,
      words: [{ text: 'two', start_s: 20.5, end_s: 21 }],
    },
  ]);
});

it('keeps what an engine places outside its window inside it', () => {
  const segment = { text: 'late', start_s: -1, end_s: 99, words: [{ text: 'late', start_s: 8, end_s: 99 }] };
  const [placed] = mergeWindows([windowOf(5, 10, [segment])], facts).segments;
  expect(placed).toMatchObject({ start_s: 5, end_s: 10, words: [{ start_s: 10, end_s: 10 }] });
});

it('leaves out segments without words', () => {
  const merged = mergeWindows([windowOf(0, 5, [{ text: '  ', start_s: 0, end_s: 1 }])], facts);
  expect(merged).toMatchObject({ text: '', segments: [] });
});

it('says the language of most segments, and for silence the one that was asked for', () => {
  const said = (count: number, language: string) =>
    windowOf(
      0,
      10,
      Array.from({ length: count }, (_segment, at) => ({ text: 'x', start_s: at, end_s: at })),
      language,
    );
  expect(mergeWindows([said(1, 'de'), said(3, 'en'), said(1, 'de')], facts).language).toBe('en');
  expect(mergeWindows([said(0, 'fr'), said(1, 'de')], facts).language).toBe('de');
  expect(mergeWindows([said(0, 'fr')], { ...facts, language: 'it' }).language).toBe('it');
  expect(mergeWindows([], facts).language).toBe('und');
});

/** Windows apart and in order; in each the engine's segments one after the other, perhaps past its end. */
const anyWindows = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 20, max: 14_000 }),
      fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 8 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => {
    let ms = 0;
    return parts.map(([gap, length, lengths]) => {
      const start = ms + gap;
      ms = start + length;
      let at = 0;
      const segments = lengths.map((one) => {
        const segment = { text: `s${at}`, start_s: at / 1000, end_s: (at + one) / 1000 };
        at += one;
        return segment;
      });
      return windowOf(start / 1000, ms / 1000, segments);
    });
  });

it('gives a valid transcript whose segments stand in order and apart', () => {
  fc.assert(
    fc.property(anyWindows, (windows) => {
      const merged = transcriptSchema.parse(mergeWindows(windows, facts));
      let before = 0;
      for (const { start_s, end_s } of merged.segments) {
        expect(start_s).toBeGreaterThanOrEqual(before);
        expect(end_s).toBeGreaterThanOrEqual(start_s);
        before = end_s;
      }
      expect(merged.segments.map(({ id }) => id)).toEqual(merged.segments.map((_segment, id) => id));
    }),
  );
});
