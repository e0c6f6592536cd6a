import { draftJsonSchema, readDraft, type Draft } from './draft';

const IDS = new Set(['p1', 'p2']);
const draft = (over: Partial<Draft> = {}): Draft => ({
  title: 'Rain',
  abstract: 'Rain falls.',
  key_points: [{ text: 'Rain falls.', passages: ['p1'] }],
  outline: [{ title: 'Rain', points: [{ text: 'Rain falls.', passages: ['p2', 'p1'] }] }],
  key_terms: [{ term: 'rain', definition: 'Water that falls.', passages: ['p2'] }],
  ...over,
});
const read = (answer: unknown) =>
  readDraft(typeof answer === 'string' ? answer : JSON.stringify(answer), IDS);

describe('a draft', () => {
  it('is read with the passages of its sections', () => {
    expect(read(draft())).toEqual({
      ok: true,
      draft: { ...draft(), outline: [{ ...draft().outline[0], passages: ['p2', 'p1'] }] },
    });
  });

  it('is found inside prose and code fences', () => {
    const json = JSON.stringify(draft());
    expect(read(`Here you are:\n\`\`\`json\n${json}\n\`\`\``).ok).toBe(true);
  });

  it('loses passages that do not exist, and what rests on none', () => {
    const reading = read(
      draft({
        key_points: [
          { text: 'Kept.', passages: ['p9', 'p1', 'p1'] },
          { text: 'Made up.', passages: ['p7'] },
          { text: 'Unfounded.', passages: [] },
        ],
        outline: [{ title: 'Made up', points: [{ text: 'Made up.', passages: ['p8'] }] }],
        key_terms: [{ term: 'made up', definition: 'Nothing.', passages: ['x'] }],
      }),
    );
    expect(reading).toMatchObject({
      ok: true,
      draft: { key_points: [{ text: 'Kept.', passages: ['p1'] }], outline: [], key_terms: [] },
    });
  });

  it('is cut to its limits', () => {
    const key_points = Array.from({ length: 30 }, (_, index) => ({
      text: `Point ${index}.`,
      passages: ['p1'],
    }));
    const reading = read(draft({ key_points }));
    expect(reading.ok && reading.draft.key_points).toHaveLength(8);
  });

  it.each([
    ['prose', 'I cannot do that.', [/not one JSON object/]],
    ['half an answer', JSON.stringify(draft()).slice(0, 80), [/not one JSON object/]],
    ['a list', '[1, 2]', [/not one JSON object/]],
    ['missing parts', { ...draft(), title: ' ', key_points: undefined }, [/^title: /, /^key_points: /]],
    ['no existing passage', draft({ key_points: [{ text: 'x', passages: ['p77'] }] }), [/such as p1, p2/]],
  ])('%s is no draft, and the problems say why', (_, answer, problems) => {
    const reading = read(answer);
    expect(reading.ok).toBe(false);
    problems.forEach((problem, at) => expect(!reading.ok && reading.problems[at]).toMatch(problem));
  });

  it('has a JSON Schema that names every part', () => {
    expect(draftJsonSchema).toMatchObject({
      ...{ type: 'object', additionalProperties: false },
      required: ['title', 'abstract', 'key_points', 'outline', 'key_terms'],
    });
  });
});
