import { announces, cleanSentence, isDangling, partOf, standsAlone, withoutSignpost } from './speech';

describe('a cleaned sentence', () => {
  it.each([
    ['Okay so, um, the rain falls.', 'The rain falls.'],
    ['Right, so the sun is hot.', 'The sun is hot.'],
    ['Right angles are square.', 'Right angles are square.'],
    ['So far nobody knows.', 'So far nobody knows.'],
    ['Well-known facts stay.', 'Well-known facts stay.'],
    ['It was probably, um, drunk by a dinosaur.', 'It was probably drunk by a dinosaur.'],
    [
      'It rises, and you know, the warmer it is, the faster it goes.',
      'It rises, and the warmer it is, the faster it goes.',
    ],
    ['Ice floats, uh, which is odd.', 'Ice floats, which is odd.'],
    ['You know the answer, right?', 'You know the answer?'],
    ['Now what limits the speed?', 'What limits the speed?'],
    ['Umbrellas are not fillers.', 'Umbrellas are not fillers.'],
  ])('%s', (said, cleaned) => {
    expect(cleanSentence(said, 'en')).toBe(cleaned);
    expect(cleanSentence(cleaned, 'en')).toBe(cleaned);
  });

  it('is left alone in a language that the rules are not for', () => {
    expect(cleanSentence('so, um drei Uhr.', 'de')).toBe('so, um drei Uhr.');
  });

  it('loses a signpost only at its beginning', () => {
    expect(withoutSignpost('To sum up, water moves.', 'en')).toBe('Water moves.');
    expect(withoutSignpost('In simple words, water moves.', 'en')).toBe('Water moves.');
    expect(withoutSignpost('Next to the sea it rains.', 'en')).toBe('Next to the sea it rains.');
  });
});

describe('a dangling sentence', () => {
  it.each([
    'This is odd.',
    'That is why it rains.',
    'As it rises, air cools.',
    'Some of it sinks.',
    "It's cold.",
  ])('%s', (text) => expect(isDangling(text, 'en')).toBe(true));
  it.each(['The rain falls.', 'Italy is hot.', 'There are four stages.', 'As air rises it cools.'])(
    'not: %s',
    (text) => expect(isDangling(text, 'en')).toBe(false),
  );
});

describe('how well a sentence stands alone', () => {
  const fitness = (text: string) => standsAlone(text, 'en');
  const statement = 'Clouds are made of billions of tiny drops.';

  it('is nothing for what is said to the room', () => {
    for (const text of [
      'Good morning everyone, sit down.',
      'For homework, draw the four stages.',
      'Thank you.',
      'Let us go over it once more.',
      'How fast is all of this?',
      'By the end of this lesson you will be able to draw a cloud.',
    ]) {
      expect(fitness(text)).toBe(0);
    }
  });

  it.each([
    'The drops are called water vapour.',
    'The rest of the clouds becomes rain and snow again.',
    'The drops between them are made of water and ice.',
    'We call these tiny drops of water the clouds.',
    'These are made of billions of tiny drops.',
    "Let's look at clouds and billions of drops.",
    'I think you know what my clouds are made of.',
    'Sailors all over the world rely on it.',
    'The first stage is evaporation.',
  ])('is less for: %s', (text) => expect(fitness(text)).toBeLessThan(0.6 * fitness(statement)));

  it('is only a matter of length elsewhere', () => {
    expect(standsAlone('Das ist der Kreislauf des Wassers auf der Erde.', 'de')).toBe(1);
  });
});

it('hears where something new begins', () => {
  expect(announces('The second stage is condensation.', 'en')).toBe(1);
  expect(announces("Let's move on to the fourth stage.", 'en')).toBe(1);
  expect(announces('Here is a common mistake.', 'en')).toBe(1);
  expect(announces('What limits the speed?', 'en')).toBeGreaterThan(0);
  expect(announces('Clouds are white.', 'en')).toBe(0);
  expect(announces('The second stage is condensation.', 'fr')).toBe(0);
});

it('hears what a part of the lecture is for', () => {
  expect(partOf(["Let's recap before the bell."], 'en')).toBe('recap');
  expect(partOf(['Let us go over it once more.'], 'en')).toBe('recap');
  expect(partOf(["Let's sum it up."], 'en')).toBe('recap');
  expect(partOf(['Here is a common mistake.'], 'en')).toBe('mistake');
  expect(partOf(['You might think that clouds are gas.'], 'en')).toBe('mistake');
  expect(partOf(['Let me give you an example.'], 'en')).toBe('example');
  expect(partOf(['Clouds are white.'], 'en')).toBe('body');
});
