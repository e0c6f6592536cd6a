import { mistaken, statesNothing } from './claims';

describe('a sentence about the talk', () => {
  it.each([
    'Let us go over it once more.',
    'How fast is all of this?',
    'Today we are going to talk about rain.',
    'In this lesson I want to explain rain.',
    "We'll look at clouds now.",
    'By the end of this lesson you will be able to draw a cloud.',
    'So far we have seen two kinds of clouds.',
    "Here's a strange thing to start with.",
    'The next question is where the rain goes.',
    "That's all for today.",
    'That brings us to the clouds.',
    'That is not true.',
  ])('states nothing: %s', (text) => expect(statesNothing(text, 'en')).toBe(true));

  it.each([
    'Today the glacier is half as long as it was.',
    'The question of slavery divided the nation.',
    'If the sun shines, we will have warm water.',
    'The topic is placed at the end of a sentence in Japanese.',
    'Letters carry meaning.',
    'That pull is the strongest force of all.',
  ])('states something: %s', (text) => expect(statesNothing(text, 'en')).toBe(false));

  it('is not looked for in other languages', () => expect(statesNothing('Wie schnell?', 'de')).toBe(false));
});

describe('a mistake that people make', () => {
  const isMistaken = (...sentences: string[]) => mistaken(sentences, 'en')[0];

  it.each([
    'Many people believe that the plates float on a sea of liquid rock.',
    'Some students still think that hash tables keep their order.',
    'Many believe that the Earth was flat.',
    'People often say that people think that bats are blind.',
    'You might think that the poor started it.',
    "You'd think that ice sinks.",
    'We often imagine that the rock is liquid.',
    'It is a common mistake to add the two.',
    'A common misconception is that a hash must be secret.',
    'One myth says that bulls hate red.',
    'It is tempting to blame the king.',
    'It is easy to think that heavy things fall faster.',
    'It was long believed that the sun moves around the Earth.',
    'Scientists once thought that continents stand still.',
    'Doctors used to believe in bad air.',
  ])('%s', (text) => expect(isMistaken(text)).toBe(true));

  it.each([
    'Most scientists think that this pull is the strongest force of all.',
    'Many leading geologists believe that heat drives the plates.',
    'Thinkers believed in reason, and the king did not.',
    'If people expect higher prices, they buy now.',
    'We say that a set is closed if it holds its limits.',
    'We would expect the curve to rise.',
    'Many plates carry a continent.',
    'The mantle is almost entirely solid.',
  ])('not: %s', (text) => expect(isMistaken(text)).toBe(false));

  it.each([
    'That is not true.',
    "But that isn't true at all.",
    'They do not.',
    'Wrong.',
    "No, that's only half the story.",
    'This is a myth.',
  ])('is told by what follows: %s', (next) => {
    expect(isMistaken('The plates float on a sea of liquid rock.', next)).toBe(true);
    expect(mistaken(['The plates float.', next], 'de')).toEqual([false, false]);
  });

  it.each(['They do not move smoothly.', 'It is wrong to count it twice, as you will see.', 'It is hot.'])(
    'is not told by: %s',
    (next) => expect(isMistaken('The plates move past each other.', next)).toBe(false),
  );
});
