import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Deck, Theme } from '../../domain/deck';
import { describeWithTools, letPptxgenjsRunInJest, runTool } from '../../testing/tools';
import { loadMetrics } from '../load-fonts';
import { drawn } from '../providers/drawn';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { fitDeck } from './fit';
import { planDeck } from './plan';
import { buildPptx, type SlidePicture } from './pptx';
import { DARK, LIGHT } from './themes';

let folder: string;

letPptxgenjsRunInJest();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-deck-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The whole way from a summary to a file, with drawn pictures. */
async function writeDeck(theme: Theme, over: Partial<Deck> = {}): Promise<{ file: string; slides: number }> {
  const metrics = await loadMetrics();
  const deck = { ...fitDeck(planDeck({ summary: SUMMARY, passages: PASSAGES, theme }), metrics), ...over };
  const illustrator = drawn({ loadMetrics: async () => metrics });
  const pictures = new Map<string, SlidePicture>();
  for (const { id, picture } of deck.slides) {
    if (!picture) continue;
    const { image, media_type } = await illustrator.illustrate({
      picture,
      theme,
      signal: new AbortController().signal,
    });
    pictures.set(id, { data: image, media_type, credit: 'Drawn by Little Monster' });
  }
  const file = path.join(folder, `${theme.name}.pptx`);
  await writeFile(file, await buildPptx({ deck, pictures, metrics }));
  return { file, slides: deck.slides.length };
}

describeWithTools('openxml-audit')('a deck in openxml-audit', () => {
  test.each([LIGHT, DARK])('has no violation in theme $name', async (theme) => {
    const { file } = await writeDeck(theme);
    const [report] = JSON.parse(runTool('openxml-audit', ['-o', 'json', '-m', '0', file]));
    expect(report).toMatchObject({ valid: true, error_count: 0, warning_count: 0, errors: [] });
  });
});

describeWithTools('soffice', 'pdfinfo')('a deck in LibreOffice', () => {
  test('renders every slide', async () => {
    const { file, slides } = await writeDeck(LIGHT);
    const profile = `-env:UserInstallation=file://${path.join(folder, 'profile')}`;
    runTool('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, file]);
    const facts = runTool('pdfinfo', [file.replace(/\.pptx$/, '.pdf')]);
    expect(Number(/^Pages:\s+(\d+)/m.exec(facts)?.[1])).toBe(slides);
    // Points: 13.333 × 7.5 inches.
    expect(facts).toMatch(/^Page size:\s+(?:959|960)[.\d]* x 540/m);
  });
});
