import { expect } from '@jest/globals';
import { BLANK, HEIGHT, MEDIA_TYPES, PAGE, PAGE_TEXT, WIDTH } from './__fixtures__/page';
import { expectProviderError, suite, unaborted, type ConformanceOptions } from './conformance-suite';
import type { OcrEngine, PageText } from './spec';

export function ocrConformance(
  name: string,
  make: () => OcrEngine,
  options: ConformanceOptions<OcrEngine> = {},
): void {
  const page = { image: PAGE['image/png'], media_type: 'image/png' } as const;
  suite(`${name} as an OCR engine`, make, options, {
    call: (engine, { signal }) => engine.recognize({ ...page, signal }),
    cases(provider, test) {
      for (const media_type of MEDIA_TYPES) {
        test(`reads ${media_type}, lines and paragraphs kept`, async () => {
          const image = PAGE[media_type];
          const read = await provider().recognize({ image, media_type, signal: unaborted() });
          expect(read.text).toBe(PAGE_TEXT);
          expectWords(read);
        });
      }

      test('finds no text where nothing is written', async () => {
        const { text, words } = await provider().recognize({ ...BLANK, signal: unaborted() });
        expect({ text, words }).toEqual({ text: '', words: [] });
      });

      test('refuses a language that it does not read', async () => {
        if (provider().languages === 'any') return;
        // "No linguistic content": a valid tag that nobody lists.
        const call = provider().recognize({ ...page, language: 'zxx', signal: unaborted() });
        await expectProviderError(call, { code: 'LANGUAGE_UNSUPPORTED', transient: false });
      });

      test('refuses what is no picture, or one of another kind', async () => {
        for (const image of [Buffer.from('<html>'), Buffer.alloc(0), PAGE['image/jpeg']]) {
          const call = provider().recognize({ ...page, image, signal: unaborted() });
          await expectProviderError(call, { code: 'BAD_IMAGE', transient: false });
        }
      });
    },
  });
}

/** Confidence in 0…1, and boxes within the picture, one per word of the text; or none at all. */
function expectWords({ text, confidence, words }: PageText): void {
  if (words.length === 0) return;
  expect(words.map((word) => word.text)).toEqual(text.split(/\s+/));
  for (const share of [confidence ?? NaN, ...words.map((word) => word.confidence)]) {
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThanOrEqual(1);
  }
  for (const { box } of words) {
    expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(WIDTH);
    expect(box.y + box.height).toBeLessThanOrEqual(HEIGHT);
  }
}
