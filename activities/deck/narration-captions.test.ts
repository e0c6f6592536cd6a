import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captionCues, toVtt } from '../audio/captions';
import { deckTranscript, slideTranscript, type SpokenSlide } from './narration-captions';
import { slideSeconds } from './narration';

const SPEAKER = { language: 'en', provider: 'piper', model: 'lessac', quality: 'standard' };

/** As a voice reads: about 15 characters a second, sentences of every length. */
const spokenSlides = fc.array(
  fc
    .record({
      sentences: fc.array(
        fc
          .array(fc.stringMatching(/^[a-z<&]{1,12}$/), { minLength: 1, maxLength: 40 })
          .map((words) => `X${words.join(' ')}.`),
        { minLength: 1, maxLength: 5 },
      ),
      pace: fc.double({ min: 8, max: 25, noNaN: true }),
      is_spoken: fc.boolean(),
    })
    .map(({ sentences, pace, is_spoken }): SpokenSlide => {
      const notes = sentences.join(' ');
      return { notes, voice: is_spoken ? { duration_s: (notes.length + 1) / pace } : undefined };
    }),
  { maxLength: 6 },
);

describe('captions of one slide', () => {
  test('share its audio by the characters spoken', () => {
    const notes = 'Leaves are green. Why is that? Their pigment, chlorophyll, reflects green light.';
    expect(toVtt(slideTranscript({ notes, voice: { duration_s: 8.1 } }, SPEAKER))).toBe(
      [
        'WEBVTT\n',
        '00:00:00.000 --> 00:00:01.800\nLeaves are green.\n',
        '00:00:01.800 --> 00:00:03.100\nWhy is that?\n',
        '00:00:03.100 --> 00:00:08.100\nTheir pigment, chlorophyll, reflects green\nlight.\n',
      ].join('\n'),
    );
  });

  test('begin with the first word of each sentence, where the speaker said when', () => {
    const notes = 'Leaves are green. Why is that?';
    const words = ['Leaves', 'are', 'green', 'Why', 'is', 'that'];
    const starts = [0.1, 0.5, 0.7, 2.4, 2.7, 2.9];
    const timed = words.map((text, index) => ({ text, start_s: starts[index]! }));
    expect(toVtt(slideTranscript({ notes, voice: { duration_s: 4, timed } }, SPEAKER))).toBe(
      [
        'WEBVTT\n',
        '00:00:00.000 --> 00:00:02.400\nLeaves are green.\n',
        '00:00:02.400 --> 00:00:04.000\nWhy is that?\n',
      ].join('\n'),
    );
  });

  test('cut a long sentence into pieces of two lines', () => {
    const notes = `It rests on ${'ever more of the same '.repeat(10)}words.`;
    const cues = captionCues(slideTranscript({ notes, voice: { duration_s: 16 } }, SPEAKER));
    expect(cues.length).toBeGreaterThan(2);
    for (const { lines } of cues) {
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(42);
    }
  });

  test('follow one another without overlap, say everything and end with the audio', () => {
    fc.assert(
      fc.property(spokenSlides, (slides) => {
        for (const slide of slides.filter(({ voice }) => voice)) {
          const cues = captionCues(slideTranscript(slide, SPEAKER));
          cues.forEach(({ start_s, end_s }, index) => {
            expect(end_s).toBeGreaterThan(start_s);
            expect(start_s).toBeGreaterThanOrEqual((cues[index - 1]?.end_s ?? 0) - 1e-9);
          });
          expect(cues[0]!.start_s).toBe(0);
          expect(cues.at(-1)!.end_s).toBeCloseTo(slide.voice!.duration_s, 6);
          expect(cues.flatMap(({ lines }) => lines).join(' ')).toBe(slide.notes);
        }
      }),
    );
  });

  test('are none where nothing is said', () => {
    expect(toVtt(slideTranscript({ notes: 'Never spoken.' }, SPEAKER))).toBe('WEBVTT\n');
    expect(toVtt(slideTranscript({ notes: ' ', voice: { duration_s: 1 } }, SPEAKER))).toBe('WEBVTT\n');
  });
});

describe('captions of the whole deck', () => {
  test('begin where each slide begins', () => {
    const slides = [
      { notes: 'One.', voice: { duration_s: 2 } },
      { notes: 'Silent.' },
      { notes: 'Three.', voice: { duration_s: 3 } },
    ];
    const transcript = deckTranscript(slides, SPEAKER);
    expect(toVtt(transcript)).toBe(
      ['WEBVTT\n', '00:00:00.000 --> 00:00:02.000\nOne.\n', '00:00:07.500 --> 00:00:10.500\nThree.\n'].join(
        '\n',
      ),
    );
    expect(transcript).toMatchObject({ ...SPEAKER, duration_s: 11, text: 'One. Three.' });
    expect(transcript.segments.map(({ id }) => id)).toEqual([0, 1]);
  });

  test('are the slides’ own, moved', () => {
    fc.assert(
      fc.property(spokenSlides, (slides) => {
        let before = 0;
        const moved = slides.flatMap((slide) => {
          const from = before;
          before += slideSeconds(slide.voice);
          return captionCues(slideTranscript(slide, SPEAKER)).map(({ start_s, lines }) => [
            start_s + from,
            lines,
          ]);
        });
        const cues = captionCues(deckTranscript(slides, SPEAKER));
        expect(cues.map(({ lines }) => lines)).toEqual(moved.map(([, lines]) => lines));
        cues.forEach(({ start_s }, index) => expect(start_s).toBeCloseTo(moved[index]![0] as number, 6));
      }),
    );
  });
});
