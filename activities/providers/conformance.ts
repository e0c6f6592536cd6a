/**
 * One suite per capability; language models and OCR have files of their own. An adapter's test calls it at the top
 * level or within a `describe`: `speakerConformance('piper', () => piperSpeaker({ modelPath }))`.
 */
import { expect } from '@jest/globals';
import type { Picture } from '../../domain/deck';
import { audioSeconds, imageFacts } from './__fixtures__/media';
import { PICTURE, THEME } from './__fixtures__/slide';
import { expectProviderError, suite, unaborted, type ConformanceOptions } from './conformance-suite';
import type { Embedder, Illustrator, RecognizedSegment, Speaker, Transcriber } from './spec';

export interface SpeechSample {
  /** 16 kHz mono in −1…1, at least a second of speech. */
  readonly samples: Float32Array;
  readonly language?: string;
  /** What must be heard in it. */
  readonly heard?: RegExp;
}

const SAMPLE_RATE = 16_000;
/** Rounding of times that went through 32-bit floats. */
const TIME_SLACK_S = 0.001;

export function transcriberConformance(
  name: string,
  make: () => Transcriber,
  sample: SpeechSample,
  options: ConformanceOptions<Transcriber> = {},
): void {
  const { samples, language, heard } = sample;
  suite(`${name} as a transcriber`, make, options, {
    call: (transcriber, { signal }) => transcriber.transcribe({ samples, language, signal }),
    cases(provider, test) {
      test('recognises ordered segments within the samples', async () => {
        const recognition = await provider().transcribe({ samples, language, signal: unaborted() });
        expect(recognition.language).toMatch(/^[a-z]{2,3}$/);
        expectOrdered(recognition.segments, 0, samples.length / SAMPLE_RATE);
        for (const { words = [], start_s, end_s } of recognition.segments)
          expectOrdered(words, start_s, end_s);
        expect(recognition.segments.map(({ text }) => text).join(' ')).toMatch(heard ?? /\S/);
      });

      test('gives word times where it promises them', async () => {
        if (provider().times !== 'word') return;
        const { segments } = await provider().transcribe({ samples, language, signal: unaborted() });
        expect(segments.flatMap(({ words = [] }) => words)).not.toHaveLength(0);
      });

      test('refuses a language that it does not speak', async () => {
        if (provider().languages === 'any') return;
        // "No linguistic content": a valid tag that nobody lists.
        const call = provider().transcribe({ samples, language: 'zxx', signal: unaborted() });
        await expectProviderError(call, { code: 'LANGUAGE_UNSUPPORTED', transient: false });
      });
    },
  });
}

export function speakerConformance(
  name: string,
  make: () => Speaker,
  options: ConformanceOptions<Speaker> & { readonly text?: string } = {},
): void {
  const { text = 'Plants turn light into sugar. The process happens in the leaves.' } = options;
  suite(`${name} as a speaker`, make, options, {
    call: (speaker, { signal }) => speaker.speak({ text, signal }),
    cases(provider, test) {
      test('lists its voices', () => {
        const { voices } = provider();
        expect(voices).not.toHaveLength(0);
        expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
        for (const { language } of voices) expect(Intl.getCanonicalLocales(language)).toHaveLength(1);
      });

      test('speaks audio of a plausible length', async () => {
        const { audio, media_type } = await provider().speak({ text, signal: unaborted() });
        const seconds = audioSeconds(audio);
        expect(media_type).toMatch(/^audio\//);
        // Between 5 and 50 characters a second; compressed audio does not tell.
        if (!Number.isNaN(seconds)) expect(text.length / seconds).toBeGreaterThan(5);
        if (!Number.isNaN(seconds)) expect(text.length / seconds).toBeLessThan(50);
      });

      test('refuses a voice that it does not have', async () => {
        const call = provider().speak({ text, voice: 'no-such-voice', signal: unaborted() });
        await expectProviderError(call, { code: 'VOICE_UNKNOWN', transient: false });
      });
    },
  });
}

export function embedderConformance(
  name: string,
  make: () => Embedder,
  options: ConformanceOptions<Embedder> = {},
): void {
  const texts = ['Plants turn light into sugar.', 'The treaty was signed in 1648.', 'Zwölf Boxkämpfer!'];
  suite(`${name} as an embedder`, make, options, {
    call: (embedder, { signal }) => embedder.embed({ texts, signal }),
    cases(provider, test) {
      const embed = (of: readonly string[]) => provider().embed({ texts: of, signal: unaborted() });

      test('gives one unit-length vector per text', async () => {
        const vectors = await embed(texts);
        expect(vectors).toHaveLength(texts.length);
        for (const vector of vectors) {
          expect(vector).toHaveLength(provider().dimension);
          expect(cosine(vector, vector)).toBeCloseTo(1, 3);
        }
      });

      test('keeps the order, and a text has the same vector in any company', async () => {
        const together = await embed(texts);
        for (const [index, text] of texts.entries()) {
          const [alone] = await embed([text]);
          expect(cosine(alone!, together[index]!)).toBeCloseTo(1, 3);
        }
        expect(cosine(together[0]!, together[1]!)).toBeLessThan(0.99);
      });

      test('makes a vector of a question as well', async () => {
        const [vector] = await provider().embed({
          ...{ texts: ['What do plants make?'], purpose: 'query', signal: unaborted() },
        });
        expect(vector).toHaveLength(provider().dimension);
        expect(cosine(vector!, vector!)).toBeCloseTo(1, 3);
      });

      test('gives nothing for nothing', async () => {
        expect(await embed([])).toEqual([]);
      });
    },
  });
}

export function illustratorConformance(
  name: string,
  make: () => Illustrator,
  options: ConformanceOptions<Illustrator> & { readonly picture?: Picture } = {},
): void {
  const { picture = PICTURE } = options;
  suite(`${name} as an illustrator`, make, options, {
    call: (illustrator, { signal }) => illustrator.illustrate({ picture, theme: THEME, signal }),
    cases(provider, test) {
      test('gives an image that is what it says', async () => {
        const illustration = await provider().illustrate({ picture, theme: THEME, signal: unaborted() });
        const { media_type, width, height } = imageFacts(illustration.image);
        expect(media_type).toBe(illustration.media_type);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(200);
      });
    },
  });
}

function expectOrdered(spans: readonly Omit<RecognizedSegment, 'words'>[], from: number, to: number): void {
  let earliest = from - TIME_SLACK_S;
  for (const { start_s, end_s } of spans) {
    expect(start_s).toBeGreaterThanOrEqual(earliest);
    expect(end_s).toBeGreaterThanOrEqual(start_s);
    earliest = end_s - TIME_SLACK_S;
  }
  expect(earliest).toBeLessThanOrEqual(to);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
