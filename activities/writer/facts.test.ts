/** What goes into a summary, and what never does. */
import { passagesOfText } from '../text/passages';
import { bagOfWords } from './__fixtures__/bag-of-words';
import { extractive } from './extractive';

const lecture = `
Good morning, everyone. Today we are going to talk about plate tectonics, and why the ground moves.
The ground under a school seems to stand still for ever. Let us start with the layers.
In simple words, plate tectonics is the theory that the shell of the Earth is broken into plates that move.
The outer layer is called the crust. The crust is the thin, cold layer of rock that we live on.
Below the crust lies the mantle, which is a thick layer of hot rock. A plate is a slab of crust and mantle.
What moves the plates? Convection is the movement of heat by a material that rises when it is warm.
Soup on a stove shows convection in every kitchen. The soup rises in the middle and sinks at the sides.
How fast is all of this? Plates move as fast as fingernails grow. Oceans need millions of years to open.
The rest of the plate becomes part of the mantle again.
Here is a common mistake, and I want you to avoid it. Many people believe that plates float on liquid rock.
That is not true. The mantle is almost entirely solid. Rock flows in it as slowly as the ice of a glacier.
Let us go over it once more. Heat from inside the Earth keeps the plates moving. Plates meet and part.
Volcanoes and mountains stand mostly at the edges of plates. Thank you for listening.`;

const summarize = (text: string) =>
  extractive(bagOfWords()).summarize({
    passages: passagesOfText(text.replaceAll('\n', ' '), 'en'),
    ...{ language: 'en', signal: new AbortController().signal },
  });

const SUBJECT = 'Plate tectonics is the theory that the shell of the Earth is broken into plates that move.';

describe('a summary', () => {
  const summary = summarize(lecture);

  it('begins with what the subject is, in the abstract and in the key points', async () => {
    const { abstract, key_points } = await summary;
    expect(abstract.startsWith(SUBJECT)).toBe(true);
    expect(key_points[0]!.text).toBe(SUBJECT);
  });

  it('holds no question, signpost or belief anywhere', async () => {
    const { abstract, key_points, outline, key_terms } = await summary;
    const points = [...key_points, ...outline.flatMap((section) => section.points)];
    const said = [abstract, ...points.map(({ text }) => text), ...key_terms.map((term) => term.definition)];
    expect(said.join(' ')).not.toMatch(/\?|Let us|Today|people believe|common mistake|not true|Thank you/);
  });

  it('would rather say what a thing is than what it is called, and nothing from mid-story', async () => {
    const texts = (await summary).key_points.map(({ text }) => text);
    expect(texts).not.toContain('The outer layer is called the crust.');
    expect(texts).not.toContain('The rest of the plate becomes part of the mantle again.');
  });

  it('has sections that are called by what they announce or do', async () => {
    const titles = (await summary).outline.map(({ title }) => title);
    expect(titles).toEqual([
      ...['Introduction: Plate Tectonics', 'The Layers', 'Common Mistake', 'Recap: Plate Tectonics'],
    ]);
  });

  it('has the refutation of a mistake among its points', async () => {
    const mistake = (await summary).outline.find(({ title }) => title === 'Common Mistake');
    expect(mistake?.points.map(({ text }) => text)).toContain('The mantle is almost entirely solid.');
  });

  it('announces the subject in its abstract only where no other sentence defines it', async () => {
    const said = `${'Rain falls on the hills of the island in winter. Rivers carry the water down to the sea. '.repeat(4)}
      Today we look at the water cycle, which is the journey of water between the sea, the sky and the land.`;
    const { abstract, key_points } = await summarize(said);
    expect(abstract).toMatch(/^Today we look at the water cycle/);
    expect(key_points.some(({ text }) => text.startsWith('Today'))).toBe(false);
  });
});
