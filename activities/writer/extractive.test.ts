import { summarySchema } from '../../domain/summary';
import type { Embedder } from '../providers/spec';
import { passagesOfText } from '../text/passages';
import { bagOfWords } from './__fixtures__/bag-of-words';
import { extractive } from './extractive';
import { statementsOf } from './statements';

const { signal } = new AbortController();

const summarize = (text: string, language = 'en', title?: string, embedder: Embedder = bagOfWords()) =>
  extractive(embedder).summarize({ passages: passagesOfText(text, language), language, title, signal });

describe('the extractive writer', () => {
  it('says who it is', () => {
    expect(extractive(bagOfWords())).toMatchObject({
      ...{ provider: 'extractive', model: 'bag-of-words', quality: 'basic' },
    });
  });

  it.each([
    [undefined, 'Untitled'],
    ['The Water Cycle', 'The Water Cycle'],
  ])('summarizes nothing as nothing (title %s)', async (title, expected) => {
    const summary = await summarize(' ', 'en', title);
    expect(summarySchema.parse(summary)).toEqual({
      ...{ schema: 'summary/1', language: 'en', title: expected, abstract: '' },
      ...{ key_points: [], outline: [], key_terms: [] },
      ...{ provider: 'extractive', model: 'bag-of-words', quality: 'basic' },
    });
  });

  it('summarizes one sentence as itself', async () => {
    const summary = await summarize('Evaporation is the process in which water turns into gas.');
    const point = { text: 'Evaporation is the process in which water turns into gas.', passages: ['p1'] };
    expect(summary).toMatchObject({ abstract: point.text, key_points: [point] });
    expect(summary.outline).toMatchObject([{ points: [point], passages: ['p1'] }]);
    expect(summary.key_terms).toEqual([{ term: 'evaporation', definition: point.text, passages: ['p1'] }]);
    expect(summarySchema.safeParse(summary).success).toBe(true);
  });

  it.each(['Thank you.', '...', '?!', 'Um.'])('finds something valid to say of "%s"', async (text) => {
    expect(summarySchema.safeParse(await summarize(text)).error).toBeUndefined();
  });

  it('speaks a language without rules plainly: its sentences, no terms', async () => {
    const text =
      'Das Wasser der Erde ist immer in Bewegung. Die Sonne erwärmt das Meer. Das Wasser verdunstet dann.';
    const summary = await summarize(text, 'de');
    expect(summary.key_terms).toEqual([]);
    expect(summary.key_points.every((point) => text.includes(point.text))).toBe(true);
    expect(text).toContain(summary.title.replace(' …', ''));
  });

  it.each([
    ['Weather and Climate', 'Weather and Climate'],
    ['IMG_2034', 'The Rain'],
    ['lecture-03.mp4', 'The Rain'],
    ['two_cities', 'The Rain'],
  ])('named "%s" it is called "%s"', async (title, expected) => {
    const summary = await summarize('Today we look at the rain. Rain falls from clouds.', 'en', title);
    expect(summary.title).toBe(expected);
  });

  it.each([
    ['two_cities', 'Two Cities'],
    ['old-harbour.txt', 'Old Harbour'],
    ['IMG_2034', 'It Was the Best of Times'],
    [undefined, 'It Was the Best of Times'],
  ])('that announces nothing and repeats nothing, named "%s", is called "%s"', async (title, expected) => {
    const text =
      'It was the best of times, it was the worst of times, while noisy authorities insisted on it.';
    const summary = await summarize(text, 'en', title);
    expect(summary.title).toBe(expected);
    expect(summary.outline.map((section) => section.title)).toEqual([expected]);
  });

  it('takes a lecture of three hours in small batches and little time', async () => {
    const subjects = ['rain', 'snow', 'fog', 'hail', 'wind', 'ice', 'dew'];
    const sentences = Array.from({ length: 3000 }, (_, index) => {
      const subject = subjects[Math.floor(index / 430)]!;
      return `The ${subject} of place ${index % 97} falls on hill ${index % 89} while the ${subject} of year ${index % 83} stays.`;
    });
    const embedder = bagOfWords();
    const started = performance.now();
    const summary = await summarize(sentences.join(' '), 'en', undefined, embedder);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(Math.max(...embedder.batches)).toBeLessThanOrEqual(128);
    expect(summary.outline.length).toBeGreaterThanOrEqual(5);
    expect(summary.outline.length).toBeLessThanOrEqual(12);
    expect(summary.key_points.length).toBeLessThanOrEqual(8);
    expect(new Set(summary.outline.map(({ title }) => title)).size).toBe(summary.outline.length);
  });

  it('ends when its embedder is aborted', async () => {
    const reason = new Error('cancelled');
    const embedder: Embedder = { ...bagOfWords(), embed: async () => Promise.reject(reason) };
    await expect(summarize('Water falls from the sky.', 'en', undefined, embedder)).rejects.toBe(reason);
  });
});

describe('a document', () => {
  const text = [
    '# Weather',
    'Rain is water that falls from clouds. Clouds drift over land. Drops join in the cloud. Heavy drops fall.',
    '## Wind and storms',
    'Wind is air that moves over the ground. Storms bring strong wind. Trees break in storms. Wind turns mills.',
  ].join('\n\n');

  it('is called as its headings say, and they are no points', async () => {
    const summary = await summarize(text);
    expect(summary.title).toBe('Weather');
    expect(summary.key_points.map((point) => point.text)).not.toContain('Wind and storms');
  });
});

describe('statements', () => {
  it('are each there once, with all the passages that hold them', () => {
    const passages = [
      { id: 'p1', text: 'Water rises. Clouds form. Rain falls.' },
      { id: 'p2', text: 'Clouds form. Rain falls. Rivers flow.' },
    ];
    expect(statementsOf(passages, 'en').map(({ text, passages: ids }) => [text, ...ids])).toEqual([
      ['Water rises.', 'p1'],
      ['Clouds form.', 'p1', 'p2'],
      ['Rain falls.', 'p1', 'p2'],
      ['Rivers flow.', 'p2'],
    ]);
  });

  it('keep a sentence that is really said twice', () => {
    const text = 'Rain falls. Rain falls.';
    expect(statementsOf([{ id: 'p1', text }], 'en')).toHaveLength(2);
  });

  it('survive cutting: together they are the text again', () => {
    const text = Array.from({ length: 80 }, (_, index) => `Cloud number ${index} brings the rain.`).join(' ');
    const again = statementsOf(passagesOfText(text, 'en'), 'en').map((statement) => statement.text);
    expect(again.join(' ')).toBe(text);
  });
});
