import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortPhrase } from './shorten';

describe('shortPhrase', () => {
  test.each([
    ['So plants need light.', 'Plants need light'],
    ['As we saw last week, plants need light.', 'Plants need light'],
    ['Then water is split.', 'Water is split'],
    ['Remember that ATP is a carrier of energy.', 'ATP is a carrier of energy'],
    [
      'Then water molecules are split to replace the lost electrons, which releases oxygen as a by-product.',
      'Water molecules are split to replace the lost electrons',
    ],
    [
      'Glucose (a sugar with six carbon atoms, found in the sap of many plants) stores energy for later use.',
      'Glucose stores energy for later use',
    ],
  ])('%s', (sentence, phrase) => expect(shortPhrase(sentence, 'en')).toBe(phrase));

  test.each([
    [
      'a condition',
      'The plant takes in carbon dioxide all day through its open stomata, but only if there is enough water in the soil.',
    ],
    [
      'most of what a sentence says',
      'As the air rises, it cools, and the vapour condenses into tiny droplets around specks of dust or salt.',
    ],
    [
      'a subordinate clause in front',
      'When the sky is dark and the air in the greenhouse is cold and still, which is rare, the plants grow slowly.',
    ],
  ])('keeps %s', (_, sentence) => {
    expect(shortPhrase(sentence, 'en')).toBe(sentence.replace(/\.$/, ''));
  });

  test('leaves words of another language that look English', () => {
    expect(shortPhrase('So wird aus Licht Zucker.', 'de')).toBe('So wird aus Licht Zucker');
  });

  test('gives whole words of the sentence, in order, at most 150 characters', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 4, mode: 'sentences' }), (sentence) => {
        const phrase = shortPhrase(sentence, 'la');
        expect(phrase.length).toBeLessThanOrEqual(150);
        const words = phrase.replace(/…$/, '').toLowerCase();
        expect(sentence.toLowerCase().startsWith(words)).toBe(true);
      }),
    );
  });
});
