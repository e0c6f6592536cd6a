import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadMetrics } from '../load-fonts';
import { PICTURE, slide } from './__fixtures__/slides';
import { PAGE } from './boxes';
import { BODY_SIZES, layoutDeck, layoutSlide, TITLE_SIZES } from './layout';
import type { Metrics } from './metrics';
import { heightOf, type TextBox } from './text-box';

let metrics: Metrics;
beforeAll(async () => {
  metrics = await loadMetrics();
});

/** Words, long ones, other scripts, and anything else. */
const text = fc.oneof(
  fc.lorem({ maxCount: 60 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  fc.constant('Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(3)),
  fc.constant('光合作用把光能变成化学能'.repeat(20)),
  fc.tuple(fc.lorem({ maxCount: 5 }), fc.lorem({ maxCount: 40 })).map((parts) => parts.join(' — ')),
);

const slides = fc.record({
  layout: fc.constantFrom('title' as const, 'content' as const, 'recap' as const),
  title: text,
  subtitle: fc.option(text, { nil: undefined }),
  bullets: fc.array(text, { maxLength: 12 }),
  picture: fc.constantFrom(undefined, PICTURE),
});

const expectWithin = (box: TextBox) => {
  expect(heightOf(box.paragraphs, box, box.size, metrics)).toBeLessThanOrEqual(box.h * 72);
  expect(box.x + box.w).toBeLessThanOrEqual(PAGE.w);
  expect(box.y + box.h).toBeLessThanOrEqual(PAGE.h);
};

describe('layoutSlide', () => {
  test('never lets a text leave its box', () => {
    fc.assert(
      fc.property(slides, (over) => {
        const { title, body } = layoutSlide(slide(over), metrics);
        expectWithin(title);
        if (body) expectWithin(body);
      }),
      { numRuns: 300 },
    );
  });

  test('sets sizes within the legible range', () => {
    fc.assert(
      fc.property(slides, (over) => {
        const { title, body } = layoutSlide(slide({ ...over, layout: 'content' }), metrics);
        expect(TITLE_SIZES).toContain(title.size);
        if (body) expect(BODY_SIZES).toContain(body.size);
      }),
    );
  });

  test('says everything when it fits', () => {
    const { title, body } = layoutSlide(slide(), metrics);
    expect(title).toMatchObject({ size: 36, paragraphs: [{ text: 'The light reactions' }] });
    expect(body).toMatchObject({
      size: 24,
      paragraphs: [{ text: 'Chlorophyll absorbs a photon' }, { text: 'Water is split' }],
    });
  });

  test('puts a term over its definition, without bullets', () => {
    const { body } = layoutSlide(slide({ bullets: ['Stroma — The fluid around the thylakoids'] }), metrics);
    expect(body).toMatchObject({
      indent: 0,
      paragraphs: [{ lead: 'Stroma', text: 'The fluid around the thylakoids' }],
    });
  });

  test('breaks the deck’s title after its colon', () => {
    const { title } = layoutSlide(
      slide({ layout: 'title', title: 'Light: a short history', bullets: [] }),
      metrics,
    );
    expect(title.paragraphs).toEqual([{ lead: 'Light:', text: 'a short history' }]);
  });
});

describe('layoutDeck', () => {
  test('gives all content slides one title size', () => {
    const long = slide({
      id: 's2',
      title: 'How the electron transport chain of the thylakoid membrane pumps protons',
    });
    const layouts = layoutDeck([slide(), long, slide({ layout: 'recap' })], metrics);
    const [first, second] = layouts.map(({ title }) => title.size);
    expect(first).toBe(second);
    expect(first).toBeLessThan(36);
  });
});
