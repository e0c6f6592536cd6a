import { describe, expect, test } from '@jest/globals';
import { deckSchema } from '../../domain/deck';
import type { Summary } from '../../domain/summary';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { planDeck } from './plan';
import { countWords, sentenceKey, sentencesOf } from './sentences';
import { DARK } from './themes';

const EMPTY: Summary = { ...SUMMARY, abstract: '', key_points: [], outline: [], key_terms: [] };
const point = (text: string) => ({ text, passages: ['p1'] });
const section = (title: string, ...texts: string[]) => ({
  title,
  points: texts.map(point),
  passages: ['p1'],
});

describe('planDeck', () => {
  const deck = planDeck({ summary: SUMMARY, passages: PASSAGES });
  const spoken = deck.slides.map(({ notes }) => sentencesOf(notes, 'en'));

  test('is a valid deck with the summary’s provenance', () => {
    expect(deckSchema.parse(deck)).toEqual(deck);
    expect(deck).toMatchObject({
      provider: 'extractive',
      model: 'lexrank/1',
      quality: 'basic',
      language: 'en',
    });
  });

  test('opens, follows the outline, and closes with terms and recap', () => {
    expect(deck.slides.map(({ layout, title }) => [layout, title])).toEqual([
      ['title', SUMMARY.title],
      ...SUMMARY.outline.map(({ title }) => ['content', title]),
      ['content', 'Key terms'],
      ['recap', 'Recap'],
    ]);
    expect(deck.sections.flatMap(({ slide_ids }) => slide_ids)).toEqual(deck.slides.map(({ id }) => id));
  });

  test('has few, short, distinct bullets', () => {
    for (const { bullets } of deck.slides) {
      expect(bullets.length).toBeLessThanOrEqual(5);
      expect(new Set(bullets.map(sentenceKey)).size).toBe(bullets.length);
      for (const bullet of bullets) expect(bullet.length).toBeLessThanOrEqual(120);
    }
  });

  test('gives every content slide of the outline a picture', () => {
    const kinds = deck.slides.filter(({ picture }) => picture).map(({ picture }) => picture!.kind);
    expect(kinds).toEqual(['hub', 'process', 'cycle', 'comparison', 'hub', 'timeline']);
  });

  test('tells each slide in 20 to 45 seconds', () => {
    for (const { notes } of deck.slides) {
      expect(countWords(notes)).toBeGreaterThanOrEqual(50);
      expect(countWords(notes)).toBeLessThanOrEqual(112);
    }
  });

  test('speaks in sentences and says none twice', () => {
    const all = spoken.flat();
    for (const sentence of all) expect(sentence).toMatch(/^[\p{Lu}\p{N}].*[.!?]$/u);
    expect(new Set(all.map(sentenceKey)).size).toBe(all.length);
  });

  test('takes what it says of the content from the source', () => {
    const source = sentenceKey(PASSAGES.map(({ text }) => text).join(' '));
    for (const sentence of spoken.slice(1, -2).flat()) expect(source).toContain(sentenceKey(sentence));
  });

  test('names the passages that a slide rests on', () => {
    const known = new Set(PASSAGES.map(({ id }) => id));
    for (const { passages } of deck.slides) {
      expect(passages.length).toBeGreaterThan(0);
      for (const id of passages) expect(known).toContain(id);
    }
  });

  test('is the same every time', () => {
    expect(planDeck({ summary: SUMMARY, passages: PASSAGES })).toEqual(deck);
  });

  test('takes a theme', () => {
    expect(planDeck({ summary: SUMMARY, passages: PASSAGES, theme: DARK }).theme).toEqual(DARK);
  });
});

describe('planDeck of little', () => {
  test('an empty summary gives its title alone', () => {
    const { slides } = planDeck({ summary: EMPTY, passages: [] });
    expect(slides).toEqual([
      {
        id: 's1',
        layout: 'title',
        title: SUMMARY.title,
        bullets: [],
        notes: expect.any(String),
        passages: [],
      },
    ]);
  });

  test('an abstract alone gives an overview', () => {
    const { slides } = planDeck({ summary: { ...EMPTY, abstract: SUMMARY.abstract }, passages: [] });
    expect(slides.map(({ title }) => title)).toEqual([SUMMARY.title, 'Overview']);
    expect(slides[1]!.bullets).toHaveLength(3);
  });

  test('sections of the same name get titles of their own', () => {
    const outline = [section('Light', 'Light is a wave.'), section('Light', 'Light is a particle.')];
    const { slides } = planDeck({ summary: { ...EMPTY, outline }, passages: [] });
    expect(slides.slice(1).map(({ title }) => title)).toEqual(['Light', 'Light (2)']);
  });

  test('a long section becomes several slides of about the same length', () => {
    const names = ['Mercury', 'Venus', 'Earth', 'Mars', 'Jupiter', 'Saturn', 'Uranus'];
    const texts = names.map((name) => `${name} goes round.`);
    const { slides } = planDeck({
      summary: { ...EMPTY, outline: [section('Planets', ...texts)] },
      passages: [],
    });
    expect(slides.slice(1).map(({ bullets }) => bullets.length)).toEqual([4, 3]);
  });

  test('a point that says the same again is left out', () => {
    const outline = [section('Light', 'Light is a kind of wave.', 'So light is a kind of wave.')];
    const { slides } = planDeck({ summary: { ...EMPTY, outline }, passages: [] });
    expect(slides[1]!.bullets).toEqual(['Light is a kind of wave']);
  });

  test('what is said about the lesson itself is no bullet', () => {
    const outline = [
      section('Water', "So let's begin with evaporation.", 'Water molecules escape into the air.'),
    ];
    const { slides } = planDeck({ summary: { ...EMPTY, outline }, passages: [] });
    expect(slides[1]!.bullets).toEqual(['Water molecules escape into the air']);
  });

  test('a term’s definition does not repeat the term', () => {
    const key_terms = [
      { term: 'osmosis', definition: 'Osmosis is the movement of water.', passages: ['p1'] },
    ];
    const { slides } = planDeck({ summary: { ...EMPTY, key_terms }, passages: [] });
    expect(slides[1]).toMatchObject({
      bullets: ['Osmosis — The movement of water'],
      notes: 'Osmosis is the movement of water.',
    });
  });

  test.each([
    ['de', 'Zusammenfassung', 'Unser Thema ist Pflanzen.'],
    ['es-MX', 'Resumen', 'Nuestro tema es Pflanzen.'],
    ['fr', 'Récapitulatif', 'Notre sujet : Pflanzen.'],
    ['nl', 'Recap', 'Our topic is Pflanzen.'],
  ])('speaks %s to a lecture in it', (language, recap, welcome) => {
    const summary: Summary = {
      ...EMPTY,
      language,
      key_points: [point('Pflanzen brauchen Licht.')],
      title: 'Pflanzen',
    };
    const { slides } = planDeck({ summary, passages: [] });
    expect(slides.map(({ title }) => title)).toEqual(['Pflanzen', recap]);
    expect(slides[0]!.notes).toBe(welcome);
  });
});
