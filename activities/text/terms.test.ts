import { definedTerms } from './terms';

const termsIn = (...sentences: string[]) => definedTerms(sentences, 'en').map(({ term }) => term);

describe('defined terms', () => {
  it.each([
    ['evaporation', 'Evaporation is the process in which water turns into gas.'],
    ['tithe', 'A tithe is a tenth of the harvest.'],
    ['precipitation', 'The third stage is precipitation, which is any form of water that falls.'],
    ['runoff', 'The water that flows over the ground is called runoff.'],
    ['groundwater', 'Water stored underground is known as groundwater, and it stays there.'],
    ['infiltration', 'Infiltration means the soaking of water through the soil.'],
    ['entropy', 'Entropy refers to the disorder of a system.'],
    ['sample space', 'The sample space is the set of all possible outcomes.'],
    ['condensation nuclei', 'Drops cling to specks of dust, which scientists call condensation nuclei.'],
    ['chlorophyll', 'The green colour comes from a pigment called chlorophyll.'],
    ['law of large numbers', 'The law of large numbers says that averages come close to the expected value.'],
    ["Newton's first law", "Newton's first law states that a body stays at rest."],
    ['limiting factor', 'A limiting factor is something that is in short supply.'],
    ['ATP', 'The energy is stored in a molecule called ATP.'],
    ['crust', 'The crust is the thin, cold layer of rock that we live on.'],
    ['core', 'In the center of the Earth is the core, which is made mostly of iron.'],
    ['Estates General', 'The king called the Estates General, which was an assembly of three estates.'],
    ['chloroplasts', 'Sugar is made in the chloroplasts, which are tiny green structures inside a leaf.'],
  ])('%s', (term, sentence) => {
    expect(definedTerms([sentence], 'en')).toEqual([{ term, definition: sentence, sentence: 0 }]);
  });

  it.each([
    'It is a very cold day in the middle of winter.',
    'The first stage is a simple one to remember.',
    'The answer is a number that nobody knows.',
    'The winter that followed was the coldest in memory.',
    'The first stage is called evaporation.',
    'What is evaporation, which is a process?',
    'This is called condensation.',
    'Many people believe in a sea of lava called the mantle.',
  ])('none in: %s', (sentence) => expect(termsIn(sentence)).toEqual([]));

  it('takes the sentence before as the definition where the speaker only names it', () => {
    const said = ['Oxygen leaves the leaf through small pores.', 'We call these pores stomata.'];
    expect(definedTerms(said, 'en')).toEqual([{ term: 'stomata', definition: said[0], sentence: 0 }]);
  });

  it.each([
    ['plates', 'Rock breaks into pieces that move.', 'We call these pieces plates.'],
    ['plates', 'Rock breaks into pieces that move.', 'We call these plates.'],
    ['weathering', 'Rain wears down the rock of mountains.', 'We call this process weathering.'],
    ['tectonic plates', 'The shell breaks into pieces that move.', 'We call these pieces tectonic plates.'],
    ['soil creep', 'The ground moves down the hill slowly.', 'We call this soil creep.'],
  ])('names the %s, not the thing that is called so', (term, ...said) => {
    expect(definedTerms(said, 'en')).toEqual([{ term, definition: said[0], sentence: 0 }]);
  });

  it.each([
    [['The outer layer is called the crust.', 'The crust is the thin, cold layer of rock on top.']],
    [['A crack in the ground is called a fault.', 'A fault is a crack in the rock between two plates.']],
  ])('would rather hear what it is than what it is called', (said) => {
    expect(definedTerms(said, 'en').map(({ sentence }) => sentence)).toEqual([1]);
    expect(definedTerms([...said].reverse(), 'en').map(({ sentence }) => sentence)).toEqual([0]);
  });

  it('takes no definition that is refuted', () => {
    expect(termsIn('A fault is a hole in the middle of a plate.', 'That is not true.')).toEqual([]);
  });

  it('has each term once, with its best definition, in the case of running text', () => {
    const said = [
      'The drops in the air are called clouds.',
      'A cloud is a group of droplets that float in the air.',
      'The Estates General was an assembly of the three estates.',
      'The king called the Estates General.',
    ];
    expect(definedTerms(said, 'en').map(({ term, sentence }) => [term, sentence])).toEqual([
      ['cloud', 1],
      ['Estates General', 2],
    ]);
  });

  it('has none in a language that the patterns are not for', () => {
    expect(definedTerms(['Evaporation is the process of drying.'], 'fr')).toEqual([]);
  });
});
