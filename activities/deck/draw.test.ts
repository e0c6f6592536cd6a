import { beforeAll, describe, expect, test } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { type Picture, pictureSchema } from '../../domain/deck';
import { loadMetrics } from '../load-fonts';
import { PICTURE } from './__fixtures__/slides';
import { drawPicture } from './draw';
import type { Metrics } from './metrics';
import { DARK, LIGHT } from './themes';

let metrics: Metrics;
beforeAll(async () => {
  metrics = await loadMetrics();
});

const KINDS = pictureSchema.shape.kind.options;

/** Every shape's corner points; outlines of letters included. */
const numbersOf = (svg: string): number[] =>
  [...svg.matchAll(/ (?:d|x|y|cx|cy)="([^"]*)"/g)].flatMap(([, value]) =>
    (value!.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number),
  );

describe('drawPicture', () => {
  test.each(KINDS)('draws a %s of one to eight labels within its canvas', (kind) => {
    const label = fc.oneof(
      fc.lorem({ maxCount: 4 }),
      fc.lorem({ maxCount: 25 }),
      fc.constant('Antidisestablishmentarianism'.repeat(3)),
    );
    const pictures = fc.record({
      labels: fc.array(label, { minLength: 1, maxLength: 8 }),
      center: fc.option(label, { nil: undefined }),
    });
    fc.assert(
      fc.property(pictures, (over) => {
        const picture: Picture = { ...PICTURE, kind, ...over };
        const { svg, width, height } = drawPicture(picture, LIGHT, metrics);
        expect(XMLValidator.validate(svg)).toBe(true);
        expect([width, height]).toEqual([1600, 1200]);
        const numbers = numbersOf(svg);
        expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...numbers)).toBeLessThanOrEqual(1600);
      }),
      { numRuns: 30 },
    );
  });

  test('writes text as outlines, so that no font is needed', () => {
    const { svg } = drawPicture(PICTURE, LIGHT, metrics);
    expect(svg).not.toContain('<text');
    expect(svg).not.toContain('NaN');
  });

  test('takes its colours from the theme', () => {
    const light = drawPicture(PICTURE, LIGHT, metrics).svg;
    const dark = drawPicture(PICTURE, DARK, metrics).svg;
    expect(light).toContain(`#${LIGHT.accent}`);
    expect(dark).toContain(`#${DARK.accent}`);
  });
});
