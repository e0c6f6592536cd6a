/** A school lecture through the real embedding model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireForTest } from '../../assets/require-for-test';
import { summarySchema, type Summary } from '../../domain/summary';
import { mpnet } from '../providers/mpnet';
import { passagesOfText } from '../text/passages';
import { cleanSentence } from '../text/speech';
import { sentencesOfText } from '../text/sentences';
import { wordsOf } from '../text/words';
import { extractive } from './extractive';

const { paths, describeIfPresent } = requireForTest('mpnet');
const lecture = readFileSync(join(__dirname, '__fixtures__/water-cycle.txt'), 'utf8').replaceAll(/\s+/g, ' ');
const passages = passagesOfText(lecture, 'en');

describeIfPresent('a summary of a lecture on the water cycle', () => {
  let summary: Summary;
  beforeAll(async () => {
    const writer = extractive(mpnet({ modelDir: paths.mpnet, threads: 2, idleMs: 10_000 }));
    summary = await writer.summarize({ passages, language: 'en', signal: new AbortController().signal });
  });

  const points = () => [...summary.key_points, ...summary.outline.flatMap((section) => section.points)];
  const textOf = (ids: readonly string[]) =>
    ids.map((id) => passages.find((one) => one.id === id)?.text).join(' ');

  it('is one', () => expect(summarySchema.safeParse(summary).error).toBeUndefined());

  it('is called what the speaker calls it', () => expect(summary.title).toBe('The Water Cycle'));

  it('says only what was said, in the passages that it names', () => {
    const statements = [
      ...points(),
      ...summary.key_terms.map(({ definition: text, passages: ids }) => ({ text, passages: ids })),
    ];
    expect(statements.length).toBeGreaterThan(20);
    for (const { text, passages: ids } of statements) {
      const said = sentencesOfText(textOf(ids), 'en').map((sentence) => cleanSentence(sentence.text, 'en'));
      expect(said.some((sentence) => sentence.toLowerCase().endsWith(text.toLowerCase()))).toBe(true);
    }
  });

  it('leaves out fillers and nothing else', () => {
    const spoken = wordsOf(lecture).map((word) => word.toLowerCase());
    for (const { text } of points()) {
      let at = spoken.indexOf(wordsOf(text)[0]!.toLowerCase());
      expect(at).toBeGreaterThanOrEqual(0);
      for (const word of wordsOf(text))
        expect((at = spoken.indexOf(word.toLowerCase()))).toBeGreaterThanOrEqual(0);
      expect(text).not.toMatch(/\b(?:um|uh|okay|you know)\b/i);
    }
  });

  it('has an abstract of whole sentences that begin with the subject and say no greeting', () => {
    const sentences = sentencesOfText(summary.abstract, 'en').map(({ text }) => text);
    expect(sentences.length).toBeGreaterThanOrEqual(3);
    expect(sentences.length).toBeLessThanOrEqual(4);
    expect(sentences[0]).toMatch(/water cycle/);
    for (const text of sentences)
      expect(text).not.toMatch(/^(?:This|It|That|So|And)\b|good morning|homework/i);
  });

  it('finds the stages that the speaker counts', () => {
    expect(summary.outline.map(({ title }) => title)).toEqual([
      'Introduction: The Water Cycle',
      'The First Stage: Evaporation',
      'The Second Stage: Condensation',
      'The Third Stage: Precipitation',
      'The Fourth Stage: Collection',
      'Example: Glass Bowl',
      'Recap: The Water Cycle',
    ]);
    for (const section of summary.outline) {
      expect(section.points.length).toBeGreaterThanOrEqual(2);
      expect(section.points.length).toBeLessThanOrEqual(5);
    }
  });

  it('has the points to remember', () => {
    expect(summary.key_points.length).toBeGreaterThanOrEqual(5);
    expect(summary.key_points.length).toBeLessThanOrEqual(8);
    expect(new Set(summary.key_points.map(({ text }) => text)).size).toBe(summary.key_points.length);
  });

  it('has the terms that the speaker defines', () => {
    expect(summary.key_terms.map(({ term }) => term)).toEqual([
      ...['water cycle', 'evaporation', 'water vapour', 'transpiration', 'condensation'],
      ...['condensation nuclei', 'precipitation', 'runoff', 'infiltration', 'groundwater'],
    ]);
    for (const { term, definition } of summary.key_terms) expect(definition.toLowerCase()).toContain(term);
  });
});
