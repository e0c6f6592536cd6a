import type { Passage } from '../../../domain/passage';
import type { Point, Summary } from '../../../domain/summary';

/** A lecture as a transcript gives it, and the summary that an extractive writer makes of it. */
export const PASSAGES: Passage[] = [
  {
    id: 'p1',
    text: 'Today we are going to talk about photosynthesis. Photosynthesis is the process by which plants, algae and some bacteria turn light energy into chemical energy. Almost all the food on Earth, and almost all the oxygen in the air, comes from it. It began more than two billion years ago in the ancestors of today’s cyanobacteria.',
  },
  {
    id: 'p2',
    text: 'In plants, photosynthesis happens inside the chloroplasts. A chloroplast has two membranes around it and stacks of flat sacs within, which are called thylakoids. The fluid around the thylakoids is the stroma. Chlorophyll is the green pigment in the thylakoid membrane that absorbs red and blue light. Green light is mostly reflected, which is why leaves look green to us. A single leaf cell can hold as many as a hundred chloroplasts.',
  },
  {
    id: 'p3',
    text: 'The light reactions come first. First, chlorophyll absorbs a photon, and an electron is lifted to a higher energy level. Then water molecules are split to replace the lost electrons, which releases oxygen as a by-product. Next, the electrons travel down a transport chain and pump protons into the thylakoid. Finally, the protons flow back through ATP synthase, and this makes ATP. The electrons end up on NADP, which becomes NADPH.',
  },
  {
    id: 'p4',
    text: 'The Calvin cycle needs no light of its own. The enzyme rubisco fixes carbon dioxide by attaching it to a five-carbon sugar called RuBP. ATP and NADPH from the light reactions then reduce the product to a three-carbon sugar, G3P. One in six G3P molecules leaves the cycle to build glucose. The other five are used to regenerate RuBP, so that the cycle can go round again. It takes six turns of the cycle to make one molecule of glucose.',
  },
  {
    id: 'p5',
    text: 'There is a difference between C3 plants and C4 plants. C3 plants fix carbon dioxide directly with rubisco and lose carbon to photorespiration in hot weather. C4 plants first store carbon dioxide in a four-carbon acid and waste almost no carbon in the heat. Wheat and rice are C3 plants. Maize and sugar cane are C4 plants. So C4 plants need more energy, but they use far less water.',
  },
  {
    id: 'p6',
    text: 'How fast photosynthesis runs depends on several things. Light intensity limits the rate when the sky is dark, up to a point where more light no longer helps. Carbon dioxide concentration limits it on a bright day, which is why growers enrich the air in greenhouses. Temperature matters because rubisco and the other enzymes work best between twenty-five and thirty-five degrees. Water shortage closes the stomata, and then carbon dioxide cannot get in.',
  },
  {
    id: 'p7',
    text: 'People needed three centuries to find all this out. In 1648 Jan van Helmont’s willow experiment was published, and it showed that a tree does not grow from soil alone. In 1771 Joseph Priestley found that a plant restores the air that a candle has used up. Jan Ingenhousz showed in 1779 that plants do so only in light. In 1945 Melvin Calvin began to trace the path of carbon with a radioactive isotope, and he received the Nobel Prize for it sixteen years later.',
  },
];

const point = (text: string, ...passages: string[]): Point => ({ text, passages });

export const SUMMARY: Summary = {
  schema: 'summary/1',
  language: 'en',
  title: 'Photosynthesis: how plants turn light into food',
  abstract:
    'Photosynthesis turns light, water and carbon dioxide into sugar and oxygen. The light reactions charge the molecules ATP and NADPH, and the Calvin cycle spends them to build sugar. Its rate depends on light, carbon dioxide, temperature and water.',
  key_points: [
    point('Photosynthesis is the process by which plants, algae and some bacteria turn light energy into chemical energy.', 'p1'),
    point('Then water molecules are split to replace the lost electrons, which releases oxygen as a by-product.', 'p3'),
    point('The enzyme rubisco fixes carbon dioxide by attaching it to a five-carbon sugar called RuBP.', 'p4'),
    point('So C4 plants need more energy, but they use far less water.', 'p5'),
    point('Light intensity limits the rate when the sky is dark, up to a point where more light no longer helps.', 'p6'),
  ],
  outline: [
    {
      title: 'Inside the chloroplast',
      points: [
        point('In plants, photosynthesis happens inside the chloroplasts.', 'p2'),
        point('A chloroplast has two membranes around it and stacks of flat sacs within, which are called thylakoids.', 'p2'),
        point('The fluid around the thylakoids is the stroma.', 'p2'),
        point('Chlorophyll is the green pigment in the thylakoid membrane that absorbs red and blue light.', 'p2'),
      ],
      passages: ['p2'],
    },
    {
      title: 'The light reactions',
      points: [
        point('First, chlorophyll absorbs a photon, and an electron is lifted to a higher energy level.', 'p3'),
        point('Then water molecules are split to replace the lost electrons, which releases oxygen as a by-product.', 'p3'),
        point('Next, the electrons travel down a transport chain and pump protons into the thylakoid.', 'p3'),
        point('Finally, the protons flow back through ATP synthase, and this makes ATP.', 'p3'),
      ],
      passages: ['p3'],
    },
    {
      title: 'The Calvin cycle',
      points: [
        point('The enzyme rubisco fixes carbon dioxide by attaching it to a five-carbon sugar called RuBP.', 'p4'),
        point('ATP and NADPH from the light reactions then reduce the product to a three-carbon sugar, G3P.', 'p4'),
        point('One in six G3P molecules leaves the cycle to build glucose.', 'p4'),
        point('The other five are used to regenerate RuBP, so that the cycle can go round again.', 'p4'),
      ],
      passages: ['p4'],
    },
    {
      title: 'C3 plants versus C4 plants',
      points: [
        point('C3 plants fix carbon dioxide directly with rubisco and lose carbon to photorespiration in hot weather.', 'p5'),
        point('C4 plants first store carbon dioxide in a four-carbon acid and waste almost no carbon in the heat.', 'p5'),
        point('Wheat and rice are C3 plants.', 'p5'),
        point('Maize and sugar cane are C4 plants.', 'p5'),
      ],
      passages: ['p5'],
    },
    {
      title: 'What limits the rate',
      points: [
        point('Light intensity limits the rate when the sky is dark, up to a point where more light no longer helps.', 'p6'),
        point('Carbon dioxide concentration limits it on a bright day, which is why growers enrich the air in greenhouses.', 'p6'),
        point('Temperature matters because rubisco and the other enzymes work best between twenty-five and thirty-five degrees.', 'p6'),
        point('Water shortage closes the stomata, and then carbon dioxide cannot get in.', 'p6'),
      ],
      passages: ['p6'],
    },
    {
      title: 'Three centuries of discovery',
      points: [
        point('In 1648 Jan van Helmont’s willow experiment was published, and it showed that a tree does not grow from soil alone.', 'p7'),
        point('In 1771 Joseph Priestley found that a plant restores the air that a candle has used up.', 'p7'),
        point('Jan Ingenhousz showed in 1779 that plants do so only in light.', 'p7'),
        point('In 1945 Melvin Calvin began to trace the path of carbon with a radioactive isotope, and he received the Nobel Prize for it sixteen years later.', 'p7'),
      ],
      passages: ['p7'],
    },
  ],
  key_terms: [
    { term: 'Chlorophyll', definition: 'the green pigment in the thylakoid membrane that absorbs red and blue light', passages: ['p2'] },
    { term: 'Stroma', definition: 'the fluid around the thylakoids, where the Calvin cycle takes place', passages: ['p2'] },
    { term: 'ATP synthase', definition: 'the enzyme that makes ATP as protons flow back through it', passages: ['p3'] },
    { term: 'Rubisco', definition: 'the enzyme that fixes carbon dioxide by attaching it to RuBP', passages: ['p4'] },
  ],
  provider: 'extractive',
  model: 'lexrank/1',
  quality: 'basic',
};
