import { isWithin, keyPhrases } from './phrases';
import type { Part } from './speech';
import { announcedTitle, openingWords, phraseTitle, sectionTitle, titleCase, uniqueTitle } from './titles';
import { stem } from './words';

describe('the title of a lecture', () => {
  it.each([
    ["Today we're going to look at the water cycle, which never ends.", 'The Water Cycle'],
    ['In this lesson I want to talk about photosynthesis and how a plant feeds itself.', 'Photosynthesis'],
    [
      'Last week we finished early, so today we turn to the causes of the French Revolution.',
      'The Causes of the French Revolution',
    ],
    ['In this lecture I want to explain hash tables, and it is easy.', 'Hash Tables'],
    ["Today's topic is probability.", 'Probability'],
    ['Welcome to this lecture on the law of large numbers.', 'The Law of Large Numbers'],
  ])('%s', (sentence, title) => expect(announcedTitle([sentence])).toBe(title));

  it.each(['We are going to see it again.', 'Today it rains.', "Today we'll look at these."])(
    'none in: %s',
    (sentence) => expect(announcedTitle([sentence])).toBeUndefined(),
  );
});

describe('the title of a section', () => {
  const phrases = keyPhrases([
    'The tomato plant needs a lamp.',
    'The plant grows.',
    'The plant dies.',
    'Water the plant.',
  ]);
  const title = (sentence: string, part: Part = 'body') =>
    sectionTitle({ sentences: [sentence], phrases, part }, 'The Water Cycle');

  it.each([
    ['The first stage is evaporation.', 'The First Stage: Evaporation'],
    ['The second part is called the Calvin cycle.', 'The Second Part: Calvin Cycle'],
    ["Let's move on to the fourth stage, which is collection.", 'The Fourth Stage: Collection'],
    ["Let's talk about the law of large numbers.", 'The Law of Large Numbers'],
    ['Nothing is announced here.', 'Tomato Plant'],
  ])('%s', (sentence, expected) => expect(title(sentence)).toBe(expected));

  it.each([
    [['convection'], 'Heat moves.', 'Convection'],
    [['pot', 'convection'], 'In convection heat moves, and convection needs a pot.', 'Convection'],
    [['fault', 'earthquake'], 'A fault moves in an earthquake.', 'Fault and Earthquake'],
    [['cycle'], 'Why does water rise in a desert?', 'Why Does Water Rise in a Desert?'],
    [[], 'How fast is all of this?', 'Tomato Plant'],
    [['pot'], "Let's turn to the money.", 'The Money'],
    [[], 'What about the bread?', 'The Bread'],
  ])('that defines %j: %s', (terms, sentence, expected) => {
    const theme = { sentences: [sentence], phrases, terms, part: 'body' as const };
    expect(sectionTitle(theme, 'The Water Cycle')).toBe(expected);
  });

  it('says what the section is for', () => {
    expect(title('Here we go again.', 'recap')).toBe('Recap: The Water Cycle');
    expect(title('Here we go again.', 'mistake')).toBe('Common Mistake');
    expect(title('Here we go again.', 'example')).toBe('Example: Tomato Plant');
    expect(title('The water cycle is old.', 'introduction')).toBe('Introduction: The Water Cycle');
  });
});

describe('key phrases', () => {
  const said = [
    'The warm air carries water vapour upwards.',
    'Cold air holds less of the water vapour.',
    'Then vapours cool.',
  ];

  it('are nouns with their adjectives, counted in all their forms', () => {
    const [first] = keyPhrases(said);
    expect(first).toMatchObject({ text: 'water vapour', count: 2 });
    expect(keyPhrases(said).map(({ key }) => key)).not.toContain('upward');
  });

  it.each([
    ['the one said most', 'Rain', ['The rain fills the lake.', 'It is rain.', 'The rain falls.']],
    ['none that is said once', '', ['The rain fills the lake.']],
    ['no adjective', '', ['It is as fast as a car.', 'A boat is as fast as a bird.']],
    ['no measure', '', ['It grows by two inches.', 'It is one inch in a year.']],
    [
      'no adjective before it',
      'Soup',
      ['The soup is hot.', 'The moving soup is red.', 'Stir the thick soup.'],
    ],
    ['no verb behind it', 'Bread', ['The price of bread doubled.', 'The bread doubled the price.']],
    ['no name beside its thing', 'Plates', ['We call these pieces plates.', 'A plate is a slab.']],
  ])('make a title: %s', (_, title, sentences) => expect(phraseTitle(keyPhrases(sentences))).toBe(title));

  it('make a title only where there are some', () => expect(phraseTitle([])).toBe(''));
});

it('titles are told apart', () => {
  expect(uniqueTitle('Rain', new Set(['Rain']), keyPhrases(['The lake is full.']))).toBe('Rain: Lake');
  expect(uniqueTitle('Rain', new Set(['Rain']), [])).toBe('Rain (2)');
  expect(uniqueTitle('Rain', new Set(), [])).toBe('Rain');
});

it('opening words are cut after seven', () => {
  expect(openingWords('Das Wasser der Erde ist immer in Bewegung.')).toBe(
    'Das Wasser der Erde ist immer in …',
  );
  expect(openingWords('Das Wasser steigt.')).toBe('Das Wasser steigt');
});

it('small words stay small inside a title', () => {
  expect(titleCase('the law of large numbers: a DNA test')).toBe('The Law of Large Numbers: A DNA Test');
});

it.each([
  ['processes', 'process'],
  ['stages', 'stage'],
  ['cities', 'city'],
  ['gas', 'gas'],
  ['glass', 'glass'],
  ["Newton's", 'newton'],
  ['branches', 'branch'],
  ['nucleus', 'nucleus'],
  ['analysis', 'analysis'],
  ['clouds', 'cloud'],
])('the stem of %s is %s', (word, expected) => expect(stem(word)).toBe(expected));

it('knows whose words are in another', () => {
  expect(isWithin('the water cycles', 'The Water Cycle')).toBe(true);
  expect(isWithin('rock cycle', 'The Water Cycle')).toBe(false);
});
