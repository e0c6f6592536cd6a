import { describe, expect, test } from '@jest/globals';
import { labelOf, labelsOf, mentions, predicateOf, searchPhrase } from './labels';

describe('labelOf', () => {
  test.each([
    ['Chlorophyll is a green pigment in the thylakoid', 'Chlorophyll'],
    ['In plants, photosynthesis happens inside the chloroplasts', 'Photosynthesis'],
    ['The fluid around the thylakoids is the stroma', 'Fluid around the thylakoids'],
    ['ATP and NADPH from the light reactions then reduce the product', 'ATP and NADPH'],
    ['Jan van Helmont’s willow experiment was published', 'Helmont’s willow experiment'],
    ['This takes an enormous amount of energy', 'Enormous amount of energy'],
    ['In cities the ground is sealed with concrete', 'Ground'],
    ['Carbon dioxide concentration limits it on a bright day', 'Carbon dioxide concentration'],
  ])('what it is about: %s', (bullet, label) => expect(labelOf(bullet)).toBe(label));

  test.each([
    ['Chlorophyll absorbs a photon, and an electron is lifted', 'Chlorophyll absorbs a photon'],
    ['Water molecules are split to replace the lost electrons', 'Water molecules split'],
    ['The protons flow back through ATP synthase', 'Protons flow back'],
    ['The other five are used to regenerate RuBP', 'Regenerate RuBP'],
  ])('what is done: %s', (bullet, label) => expect(labelOf(bullet, 'action')).toBe(label));

  test('has nothing to say of nothing', () => expect(labelOf('and so on')).toBe(''));
});

test('labelsOf gives distinct labels, a key term for its subject', () => {
  const bullets = [
    'The enzyme rubisco fixes carbon dioxide',
    'Rubisco fixes carbon dioxide',
    'Water is split',
  ];
  expect(labelsOf(bullets, ['rubisco'], 'action')).toEqual([
    'Rubisco fixes carbon dioxide',
    'Rubisco',
    'Water split',
  ]);
});

test('predicateOf says what follows a subject', () => {
  expect(predicateOf('fix carbon dioxide directly with rubisco')).toBe('Fix carbon dioxide');
});

test('mentions finds whole words, plural too', () => {
  expect(mentions('Two chloroplasts', 'chloroplast')).toBe(true);
  expect(mentions('The superchloroplast', 'chloroplast')).toBe(false);
  expect(mentions('C++ (1985)', 'C++')).toBe(true);
});

test('searchPhrase has at most five content words', () => {
  expect(searchPhrase(['Inside the chloroplast', 'Photosynthesis'])).toBe('chloroplast photosynthesis');
  expect(searchPhrase(['alpha beta gamma delta epsilon zeta']).split(' ')).toHaveLength(5);
});
