import fc from 'fast-check';
import { batchResultSchema, phraseSchema, phrasesOf, recognitionOf, type Phrase } from './azure-phrases';

const TICKS = 10_000_000;
const timed = (text: string, start: number, end: number) => ({
  ...{ text, offset: start * TICKS, duration: (end - start) * TICKS },
});
const phrase = (over: Partial<Phrase>): Phrase => ({
  ...timed('Plants turn light.', 1, 3),
  ...{ spoken: [], written: [], ...over },
});

/** As https://learn.microsoft.com/azure/ai-services/speech-service/get-speech-recognition-results shows it. */
const DETAILED = {
  Id: '47f2b4e4a9f64f6f8a0e8f5a3e1c2b1d',
  RecognitionStatus: 'Success',
  DisplayText: 'Welcome to Applied Mathematics 201.',
  Offset: 1_800_000,
  Duration: 30_500_000,
  Channel: 0,
  NBest: [
    {
      Confidence: 0.92,
      Lexical: 'welcome to applied mathematics two zero one',
      ITN: 'welcome to applied mathematics 201',
      MaskedITN: 'welcome to applied mathematics 201',
      Display: 'Welcome to Applied Mathematics 201.',
      Words: [
        { Word: 'welcome', Offset: 1_800_000, Duration: 2_900_000 },
        { Word: 'to', Offset: 4_800_000, Duration: 1_200_000 },
        { Word: 'applied', Offset: 6_100_000, Duration: 4_000_000 },
        { Word: 'mathematics', Offset: 10_200_000, Duration: 6_700_000 },
        { Word: 'two', Offset: 17_000_000, Duration: 3_900_000 },
        { Word: 'zero', Offset: 21_000_000, Duration: 4_000_000 },
        { Word: 'one', Offset: 25_100_000, Duration: 7_200_000 },
      ],
    },
  ],
};

it('reads a phrase of the service', () => {
  const { segments } = recognitionOf([phraseSchema.parse(DETAILED)], 10);
  expect(segments).toMatchObject([
    { text: 'Welcome to Applied Mathematics 201.', start_s: 0.18, end_s: 3.23 },
  ]);
});

it('writes timed words as the text has them, also where it has fewer', () => {
  const [segment] = recognitionOf([phraseSchema.parse(DETAILED)], 10).segments;
  expect(segment!.words!.map(({ text }) => text).join(' ')).toBe('Welcome to Applied Mathematics 201.');
  expect(segment!.words![0]).toEqual({ text: 'Welcome', start_s: 0.18, end_s: 0.47 });
  expect(segment!.words!.at(-1)).toMatchObject({ text: '201.', end_s: 3.23 });
});

it('takes the written words where they are timed', () => {
  const written = [timed('Plants', 1, 2), timed('turn', 2, 2.5), timed('light.', 2.5, 3)];
  const { segments } = recognitionOf([phrase({ written, spoken: [timed('plants', 1, 3)] })], 10);
  expect(segments[0]!.words).toMatchObject([
    { text: 'Plants' },
    { text: 'turn' },
    { text: 'light.', start_s: 2.5 },
  ]);
});

it('keeps the spoken words of a text without spaces', () => {
  const spoken = [timed('光', 0, 1), timed('合作用', 1, 2)];
  const { segments } = recognitionOf(
    [phrase({ text: '光合作用。', offset: 0, duration: 2 * TICKS, spoken })],
    10,
  );
  expect(segments[0]!.words).toHaveLength(2);
});

it('makes a segment without words where none is timed, and none of silence', () => {
  const { segments } = recognitionOf([phrase({}), phrase({ text: ' ' })], 10);
  expect(segments).toEqual([{ text: 'Plants turn light.', start_s: 1, end_s: 3 }]);
});

it.each([
  ['de-DE', undefined, 'de'],
  ['Unknown', undefined, 'und'],
  [undefined, undefined, 'und'],
  ['de-DE', 'en', 'en'],
  ['fil-PH', undefined, 'fil'],
])('found %s and asked for %s is %s', (locale, asked, language) => {
  expect(recognitionOf([phrase({ locale })], 5, asked).language).toBe(language);
});

it('takes of a batch what was recognised', () => {
  const at = { offsetInTicks: 0, durationInTicks: TICKS };
  const result = batchResultSchema.parse({
    durationInTicks: 5 * TICKS,
    recognizedPhrases: [
      { ...at, recognitionStatus: 'NoMatch' },
      { ...at, recognitionStatus: 'Success', locale: 'fr-FR', nBest: [{ display: 'Oui.' }] },
    ],
  });
  expect(phrasesOf(result)).toMatchObject([{ text: 'Oui.', locale: 'fr-FR', duration: TICKS }]);
});

it('keeps every time in order and within the sound, whatever the service says', () => {
  const text = fc.constantFrom('Plants turn light.', 'word', ' ', '25');
  const item = fc.record({
    ...{ text, offset: fc.integer({ min: -TICKS, max: 40 * TICKS }) },
    duration: fc.integer({ min: -TICKS, max: 9 * TICKS }),
  });
  const phrases = fc.array(
    fc
      .record({ item, spoken: fc.array(item, { maxLength: 6 }), written: fc.array(item, { maxLength: 6 }) })
      .map(({ item: whole, ...words }) => ({ ...whole, ...words })),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(phrases, fc.double({ min: 0.01, max: 30, noNaN: true }), (heard, durationS) => {
      const { segments } = recognitionOf(heard, durationS);
      expectOrdered(segments, 0, durationS);
      for (const { words = [], start_s, end_s } of segments) expectOrdered(words, start_s, end_s);
    }),
  );
});

function expectOrdered(spans: readonly { start_s: number; end_s: number }[], from: number, to: number): void {
  const times = [from, ...spans.flatMap(({ start_s, end_s }) => [start_s, end_s]), to];
  expect(times).toEqual([...times].sort((a, b) => a - b));
}
