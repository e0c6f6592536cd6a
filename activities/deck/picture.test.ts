import { describe, expect, test } from '@jest/globals';
import { pictureSchema } from '../../domain/deck';
import { pictureFor } from './picture';
import { shortPhrase } from './shorten';

const picture = (title: string, sentences: readonly string[], language = 'en') => {
  const bullets = sentences.map((sentence) => shortPhrase(sentence, language));
  return pictureFor({ title, topic: 'Plants', sentences, bullets, terms: [], language });
};

describe('pictureFor', () => {
  test('draws what happens in order as a process', () => {
    expect(
      picture('Making paper', [
        'First the wood is cut.',
        'Then machines press the pulp.',
        'Finally the sheet dries.',
      ]),
    ).toMatchObject({
      kind: 'process',
      labels: ['Wood cut', 'Machines press the pulp', 'Sheet dries'],
      alt: 'Making paper, in order: Wood cut, Machines press the pulp, and Sheet dries.',
    });
  });

  test('draws a cycle', () => {
    const { kind, center } = picture('The water cycle', ['Water evaporates.', 'Clouds form.', 'Rain falls.']);
    expect({ kind, center }).toEqual({ kind: 'cycle', center: 'The water cycle' });
  });

  test('draws two things side by side', () => {
    const sentences = ['Mitosis makes two cells.', 'Meiosis makes four cells.'];
    expect(picture('Mitosis versus meiosis', sentences)).toMatchObject({
      kind: 'comparison',
      labels: ['Mitosis', 'Meiosis', 'Makes two cells', 'Makes four cells'],
    });
  });

  test('draws years in their order', () => {
    const sentences = [
      'In 1928 Alexander Fleming found penicillin.',
      'In 1796 Edward Jenner tried the first vaccine.',
    ];
    expect(picture('Medicine', sentences)).toMatchObject({
      kind: 'timeline',
      labels: ['1796: Edward Jenner', '1928: Alexander Fleming'],
    });
  });

  test('draws facets around their topic', () => {
    const sentences = [
      'Light intensity matters.',
      'Temperature changes the rate.',
      'Water shortage closes the stomata.',
    ];
    expect(picture('What limits growth', sentences)).toMatchObject({
      kind: 'hub',
      center: 'What limits growth',
      labels: ['Light intensity', 'Temperature', 'Water shortage'],
      query: 'limits growth plants',
    });
  });

  test('draws a single point as a definition', () => {
    expect(picture('Osmosis', ['Water moves through a membrane.'])).toMatchObject({
      kind: 'definition',
      center: 'Osmosis',
      labels: ['Water moves'],
      alt: 'Osmosis: Water moves through a membrane.',
    });
  });

  test.each([
    ['de', 'Der Kreislauf', ['Wasser verdunstet.', 'Wolken entstehen.', 'Regen fällt.']],
    ['zh', '光合作用', ['光合作用把光能变成化学能。']],
  ])('gives a valid picture in %s', (language, title, sentences) => {
    expect(() => pictureSchema.parse(picture(title, sentences, language))).not.toThrow();
  });
});
