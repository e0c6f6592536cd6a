import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithTools, runTool } from '../../testing/tools';
import { loadFontFiles, loadMetrics } from '../load-fonts';
import { drawn } from '../providers/drawn';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { fitDeck } from './fit';
import { planDeck } from './plan';
import { scenesOf } from './scene';
import { scenePdf } from './scene-pdf';
import type { SlidePicture } from './slide-picture';

let folder: string;
let file: string;
let titles: string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-pdf-'));
  file = path.join(folder, 'deck.pdf');
  const metrics = await loadMetrics();
  const deck = fitDeck(planDeck({ summary: SUMMARY, passages: PASSAGES }), metrics);
  const { signal } = new AbortController();
  const pictures = new Map<string, SlidePicture>();
  for (const { id, picture } of deck.slides.slice(0, 3)) {
    if (!picture) continue;
    const { image, media_type } = await drawn({ loadMetrics: async () => metrics }).illustrate({
      ...{ picture, theme: deck.theme, signal },
    });
    pictures.set(id, { data: image, media_type, credit: 'Photo: Ada & Bo' });
  }
  const scenes = scenesOf({ deck, pictures, metrics });
  titles = deck.slides.map(({ title }) => title);
  const fonts = await loadFontFiles();
  await writeFile(file, await scenePdf({ scenes, title: deck.title, language: deck.language, fonts }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describeWithTools('pdfinfo', 'pdftotext')('a deck as PDF', () => {
  test('has a page of the deck’s size per slide, a title and tags', () => {
    const facts = runTool('pdfinfo', [file]);
    expect(facts).toMatch(new RegExp(`^Pages:\\s+${titles.length}$`, 'm'));
    expect(facts).toMatch(/^Page size:\s+(?:959\.98|960|959\.976) x 540/m);
    expect(facts).toContain(`Title:           ${SUMMARY.title}`);
    expect(facts).toMatch(/^Tagged:\s+yes$/m);
  });

  test('has text that can be copied', () => {
    const text = runTool('pdftotext', [file, '-']);
    const pages = text.split('\f').map((page) => page.replace(/\s+/g, ' '));
    titles.forEach((title, index) => expect(pages[index]).toContain(title));
    expect(pages[1]).toContain('• In plants, photosynthesis happens inside the chloroplasts');
    expect(pages[1]).toContain('Photo: Ada & Bo');
    expect(pages[8]).toContain('1. Photosynthesis is the process');
  });

  test('is read aloud in order, without what stands on every page', () => {
    const read = runTool('pdfinfo', ['-struct-text', file]);
    expect(read).toMatch(/H1 \(block\)\s+"Inside the chloroplast"/);
    expect(read).toContain('"In plants, photosynthesis happens inside the chloroplasts"');
    expect(read.match(/Figure/g)).toHaveLength(2);
    expect(read.match(new RegExp(SUMMARY.title, 'g'))).toHaveLength(2);
  });
});
