import fc from 'fast-check';
import { audioSeconds } from './__fixtures__/media';
import { audioMediaType, recognitionOf, SAMPLE_RATE, wavOf } from './openai-audio';

describe('wavOf', () => {
  it('writes 16-bit PCM of the same length', () => {
    const wav = wavOf(Float32Array.of(0, 1, -1, 0.5));
    expect(audioSeconds(wav)).toBe(4 / SAMPLE_RATE);
    expect([44, 46, 48, 50].map((at) => wav.readInt16LE(at))).toEqual([0, 32_767, -32_767, 16_384]);
  });

  it('clips what is too loud instead of wrapping it round', () => {
    const wav = wavOf(Float32Array.of(1.5, -7));
    expect([wav.readInt16LE(44), wav.readInt16LE(46)]).toEqual([32_767, -32_767]);
  });
});

it.each([
  ['RIFF\x01\x02\x03\x04WAVE', 'audio/wav'],
  ['ID3\x04', 'audio/mpeg'],
  ['\xff\xfb\x90\x64', 'audio/mpeg'],
  ['OggS\0', 'audio/ogg'],
  ['fLaC\0', 'audio/flac'],
  ['<html>', undefined],
  ['', undefined],
])('knows %j as %s', (magic, mediaType) => {
  expect(audioMediaType(Buffer.from(magic, 'latin1'))).toBe(mediaType);
});

describe('recognitionOf', () => {
  it('makes one segment over the window when only text came', () => {
    expect(recognitionOf({ text: ' Hello there. ' }, 4, 'en')).toEqual({
      language: 'en',
      segments: [{ text: 'Hello there.', start_s: 0, end_s: 4, words: undefined }],
    });
  });

  it('makes none of silence', () => {
    expect(recognitionOf({ text: ' ', segments: [{ text: ' ', start: 0, end: 4 }] }, 4).segments).toEqual([]);
  });

  it.each([
    ['english', 'en'],
    ['English', 'en'],
    ['en-US', 'en'],
    ['haitian creole', 'ht'],
    ['hebrew', 'he'],
    ['romanian', 'ro'],
    ['yiddish', 'yi'],
    ['lao', 'lo'],
    ['cantonese', 'yue'],
    ['tagalog', 'tl'],
    ['bengali', 'bn'],
    ['no idea', 'und'],
    [undefined, 'fr'],
  ])('says %p in BCP 47: %s', (language, tag) => {
    expect(recognitionOf({ text: 'x', language }, 1, 'fr').language).toBe(tag);
  });

  it('sorts what came out of order, each with its own times', () => {
    const segments = [
      { text: 'second', start: 2, end: 3 },
      { text: 'first', start: 0, end: 1 },
    ];
    expect(recognitionOf({ text: '', segments }, 4).segments).toMatchObject([
      { text: 'first', start_s: 0, end_s: 1 },
      { text: 'second', start_s: 2, end_s: 3 },
    ]);
  });

  const time = fc.double({ min: -5, max: 40, noNaN: true });
  const text = fc.constantFrom('word', ' spaced ', '', ' ');
  const answers = fc.record({
    text,
    segments: fc.option(fc.array(fc.record({ text, start: time, end: time }), { maxLength: 8 })),
    words: fc.option(fc.array(fc.record({ word: text, start: time, end: time }), { maxLength: 30 })),
  });

  it('keeps every time in order and within the audio, whatever the vendor says', () => {
    fc.assert(
      fc.property(answers, fc.double({ min: 0.01, max: 30, noNaN: true }), (answer, durationS) => {
        const { segments } = recognitionOf(answer, durationS);
        expectOrdered(segments, 0, durationS);
        for (const { words = [], start_s, end_s } of segments) expectOrdered(words, start_s, end_s);
      }),
    );
  });

  it('loses no word that was spoken', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const { segments } = recognitionOf(answer, 30);
        fc.pre(segments.length > 0);
        const kept = segments.flatMap(({ words = [] }) => words).length;
        expect(kept).toBe((answer.words ?? []).filter(({ word }) => word.trim()).length);
      }),
    );
  });
});

function expectOrdered(spans: readonly { start_s: number; end_s: number }[], from: number, to: number): void {
  const times = [from, ...spans.flatMap(({ start_s, end_s }) => [start_s, end_s]), to];
  expect(times).toEqual([...times].sort((a, b) => a - b));
}
