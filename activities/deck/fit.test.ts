import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deckSchema, type Deck, type Slide } from '../../domain/deck';
import { loadMetrics } from '../load-fonts';
import { PICTURE, slide } from './__fixtures__/slides';
import { fitDeck } from './fit';
import { bodyFits } from './layout';
import type { Metrics } from './metrics';
import { LIGHT } from './themes';

let metrics: Metrics;
beforeAll(async () => {
  metrics = await loadMetrics();
});

const deck = (...slides: Slide[]): Deck => ({
  ...{ schema: 'deck/1', title: 'Photosynthesis', language: 'en', theme: LIGHT, slides },
  sections: [{ title: 'All', slide_ids: slides.map(({ id }) => id) }],
  ...{ provider: 'extractive', model: 'lexrank/1', quality: 'basic' },
});

const LONG =
  'Light intensity limits the rate when the sky is dark, up to a point where more light no longer helps';

describe('fitDeck', () => {
  test('leaves slides that fit', () => {
    const fits = deck(slide({ picture: PICTURE }));
    expect(fitDeck(fits, metrics)).toEqual(fits);
  });

  test('splits a crowded slide; id, title and picture stay with its first part', () => {
    const bullets = Array.from({ length: 8 }, (_, index) => `${index + 1} ${LONG}`);
    const notes = bullets.map((bullet) => `${bullet}.`).join(' ');
    const { slides, sections } = fitDeck(deck(slide({ bullets, notes, picture: PICTURE })), metrics);
    expect(slides.length).toBeGreaterThan(1);
    expect(slides[0]).toMatchObject({ id: 's1', title: 'The light reactions', picture: PICTURE });
    expect(slides[1]).toMatchObject({ id: 's1-2', title: 'The light reactions (2)', passages: ['p1'] });
    expect(slides[1]!.picture).toBeUndefined();
    expect(slides.flatMap((one) => one.bullets)).toEqual(bullets);
    expect(slides.map((one) => one.notes).join(' ')).toBe(notes);
    expect(sections[0]!.slide_ids).toEqual(slides.map(({ id }) => id));
  });

  test('keeps every bullet, unique titles and ids, and a size to read, whatever the bullets', () => {
    const drafts = fc.array(fc.array(fc.lorem({ maxCount: 40 }), { minLength: 1, maxLength: 14 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(drafts, (all) => {
        const slides = all.map((bullets, index) =>
          slide({ id: `s${index + 1}`, title: `Title ${index}`, bullets }),
        );
        const fitted = fitDeck(deck(...slides), metrics);
        expect(() => deckSchema.parse(fitted)).not.toThrow();
        expect(fitted.slides.flatMap(({ bullets }) => bullets)).toEqual(all.flat());
        for (const values of [fitted.slides.map(({ id }) => id), fitted.slides.map(({ title }) => title)]) {
          expect(new Set(values).size).toBe(values.length);
        }
        for (const one of fitted.slides)
          expect(one.bullets.length === 1 || bodyFits(one, 18, metrics)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('is done after one pass', () => {
    const once = fitDeck(deck(slide({ bullets: Array.from({ length: 9 }, () => LONG) })), metrics);
    expect(fitDeck(once, metrics)).toEqual(once);
  });
});
