import fc from 'fast-check';
import type { Segment, Transcript } from '../../domain/transcript';
import { captionCues, toSrt, toVtt } from './captions';

const transcriptOf = (segments: readonly Omit<Segment, 'id'>[]): Transcript => ({
  schema: 'transcript/1',
  language: 'en',
  duration_s: 60,
  text: segments.map(({ text }) => text).join(' '),
  segments: segments.map((segment, id) => ({ id, ...segment })),
  provider: 'whisper',
  model: 'base',
  quality: 'standard',
});

const wordText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc.constantFrom('-->', '<b>', '&amp;', 'WEBVTT', '会議'.repeat(60), 'https://example.org/'.repeat(6)),
);

/** Segments after one another, with the engine's word times or without. */
const transcripts = fc
  .array(
    fc.record({
      words: fc.array(fc.tuple(wordText, fc.integer({ min: 0, max: 9000 })), { minLength: 1, maxLength: 30 }),
      timed: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((segments) => {
    let ms = 0;
    return transcriptOf(
      segments.map(({ words, timed }) => {
        const start_s = ms / 1000;
        const placed = words.map(([text, length]) => {
          const from = ms / 1000;
          ms += length;
          return { text, start_s: from, end_s: ms / 1000 };
        });
        const text = words.map(([word]) => word).join(' ');
        return { text, start_s, end_s: ms / 1000, words: timed ? placed : undefined };
      }),
    );
  });

const length = (line: string): number => [...line].length;

it('keeps to two lines of 42 characters and seven seconds, in order', () => {
  fc.assert(
    fc.property(transcripts, (transcript) => {
      let before = 0;
      for (const { start_s, end_s, lines } of captionCues(transcript)) {
        expect(lines.length).toBeGreaterThanOrEqual(1);
        expect(lines.length).toBeLessThanOrEqual(2);
        for (const line of lines) expect(length(line)).toBeLessThanOrEqual(42);
        expect(start_s).toBeGreaterThanOrEqual(before);
        expect(end_s).toBeGreaterThan(start_s);
        expect(end_s - start_s).toBeLessThanOrEqual(7 + 1e-9);
        before = start_s;
      }
    }),
  );
});

const letters = (text: string): string => text.replace(/\s+/gu, '');

it('leaves no letter out', () => {
  fc.assert(
    fc.property(transcripts, (transcript) => {
      const shown = captionCues(transcript).flatMap((cue) => cue.lines);
      expect(letters(shown.join(' '))).toBe(letters(transcript.text));
    }),
  );
});

const VTT_CUE = /^\d{2,}:[0-5]\d:[0-5]\d\.\d{3} --> \d{2,}:[0-5]\d:[0-5]\d\.\d{3}\n(?:[^\n]+\n){1,2}$/u;
const SRT_CUE = /^(\d+)\n\d{2,}:[0-5]\d:[0-5]\d,\d{3} --> \d{2,}:[0-5]\d:[0-5]\d,\d{3}\n(?:[^\n]+\n){1,2}$/u;

/** Blank lines part cues, so none may stand within one. */
const blocks = (file: string): string[] => file.split(/(?<=\n)\n/u);

it('writes WebVTT that parses, whatever is said', () => {
  fc.assert(
    fc.property(transcripts, (transcript) => {
      const [head, ...cues] = blocks(toVtt(transcript));
      expect(head).toBe('WEBVTT\n');
      expect(cues).toHaveLength(captionCues(transcript).length);
      for (const cue of cues) {
        expect(cue).toMatch(VTT_CUE);
        const text = cue.slice(cue.indexOf('\n') + 1);
        expect(text).not.toMatch(/<|>|&(?!amp;|lt;|gt;)/u);
      }
    }),
  );
});

it('writes SubRip with numbered cues', () => {
  fc.assert(
    fc.property(transcripts, (transcript) => {
      const cues = blocks(toSrt(transcript)).filter(Boolean);
      cues.forEach((cue, index) => expect(SRT_CUE.exec(cue)?.[1]).toBe(String(index + 1)));
      expect(cues).toHaveLength(captionCues(transcript).length);
    }),
  );
});

it('shows a sentence as a person would set it', () => {
  const text =
    'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age';
  expect(toVtt(transcriptOf([{ text, start_s: 3599, end_s: 3605 }]))).toBe(
    [
      'WEBVTT\n',
      '00:59:59.000 --> 01:00:04.489\nIt was the best of times, it was the worst\nof times, it was the age of wisdom, it was\n',
      '01:00:04.489 --> 01:00:05.000\nthe age\n',
    ].join('\n'),
  );
});

it('writes an empty file for silence', () => {
  expect(toVtt(transcriptOf([]))).toBe('WEBVTT\n');
  expect(toSrt(transcriptOf([]))).toBe('');
});

it('ends a cue after seven seconds of slow words', () => {
  const words = ['one', 'two', 'three', 'four'].map((text, at) => ({
    text,
    start_s: at * 3,
    end_s: at * 3 + 2,
  }));
  const cues = captionCues(transcriptOf([{ text: 'one two three four', start_s: 0, end_s: 11, words }]));
  expect(cues).toEqual([
    { start_s: 0, end_s: 5, lines: ['one two'] },
    { start_s: 6, end_s: 11, lines: ['three four'] },
  ]);
});

it('gives a word that took no time the shortest cue there is', () => {
  const words = [{ text: 'Yes.', start_s: 2, end_s: 2 }];
  expect(toVtt(transcriptOf([{ text: 'Yes.', start_s: 2, end_s: 2, words }]))).toBe(
    'WEBVTT\n\n00:00:02.000 --> 00:00:02.001\nYes.\n',
  );
});
