import { beforeAll, describe, expect, test } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import JSZip from 'jszip';
import type { Deck } from '../../domain/deck';
import { letPptxgenjsRunInJest } from '../../testing/tools';
import { loadMetrics } from '../load-fonts';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { fitDeck } from './fit';
import { finish } from './finish';
import type { Metrics } from './metrics';
import { planDeck } from './plan';
import { buildPptx, type SlidePicture } from './pptx';
import { attributesOf } from './xml';

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PICTURE: SlidePicture = { data: PIXEL, media_type: 'image/png', credit: 'Photo: Ada & Bo' };

let metrics: Metrics;
let deck: Deck;
let pptx: Uint8Array;

const part = async (bytes: Uint8Array, path: string): Promise<string> =>
  (await JSZip.loadAsync(bytes)).file(path)!.async('string');

letPptxgenjsRunInJest();

beforeAll(async () => {
  metrics = await loadMetrics();
  deck = fitDeck(planDeck({ summary: { ...SUMMARY, language: 'de' }, passages: PASSAGES }), metrics);
  pptx = await buildPptx({ deck, pictures: new Map([['s2', PICTURE]]), metrics });
});

describe('buildPptx', () => {
  test('makes the same bytes of the same deck', async () => {
    const again = await buildPptx({ deck, pictures: new Map([['s2', PICTURE]]), metrics });
    expect(Buffer.from(again).equals(Buffer.from(pptx))).toBe(true);
  });

  test('writes titles and bullets as text of placeholders', async () => {
    const xml = await part(pptx, 'ppt/slides/slide2.xml');
    expect(xml).toContain('type="title"');
    expect(xml).toContain('type="body"');
    expect(xml).toContain('<a:t>Inside the chloroplast</a:t>');
    expect(xml.match(/<a:buChar/g)).toHaveLength(4);
    expect(xml.match(/<a:spcBef><a:spcPts val="0"\/>/g)).toHaveLength(4);
    expect(await part(pptx, 'ppt/slides/slide9.xml')).toContain('<a:buAutoNum type="arabicPeriod"');
  });

  test('carries notes, alternative text and credit', async () => {
    expect(await part(pptx, 'ppt/notesSlides/notesSlide2.xml')).toContain(
      'In plants, photosynthesis happens',
    );
    const xml = await part(pptx, 'ppt/slides/slide2.xml');
    expect(xml).toContain(`descr="${deck.slides[1]!.picture!.alt}"`);
    expect(xml).toContain('Photo: Ada &amp; Bo');
  });

  test('gives a slide without its picture the whole width', async () => {
    const relations = await part(pptx, 'ppt/slides/_rels/slide3.xml.rels');
    const layout = /slideLayouts\/(slideLayout\d+\.xml)/.exec(relations)![1]!;
    expect(await part(pptx, `ppt/slideLayouts/${layout}`)).toContain('<p:cSld name="Text">');
  });

  test('says its language, title and no time', async () => {
    const core = await part(pptx, 'docProps/core.xml');
    expect(core).toContain('<dc:language>de</dc:language>');
    expect(core).toContain(`<dc:title>${SUMMARY.title}</dc:title>`);
    expect(core).not.toContain('dcterms:created');
    const slide = await part(pptx, 'ppt/slides/slide2.xml');
    expect(new Set(slide.match(/lang="[^"]*"/g))).toEqual(new Set(['lang="de-DE"']));
  });

  test('names its sections and the theme’s colours', async () => {
    const presentation = await part(pptx, 'ppt/presentation.xml');
    expect([...presentation.matchAll(/<p14:section name="([^"]*)"/g)].map(([, name]) => name)).toEqual(
      deck.sections.map(({ title }) => title),
    );
    expect(await part(pptx, 'ppt/theme/theme1.xml')).toContain(
      `<a:accent1><a:srgbClr val="${deck.theme.accent}"/>`,
    );
  });

  test('puts the notes master before the slides', async () => {
    const { 'p:presentation': presentation } = new XMLParser().parse(
      await part(pptx, 'ppt/presentation.xml'),
    );
    expect(Object.keys(presentation).slice(0, 5)).toEqual([
      'p:sldMasterIdLst',
      'p:notesMasterIdLst',
      'p:sldIdLst',
      'p:sldSz',
      'p:notesSz',
    ]);
  });

  test('survives whatever a transcript may hold', async () => {
    const text = `<b> & "q" \u0007\u000b ${'\ud800'} 光 🌱\nnext`;
    const slides = deck.slides.map((slide) => ({
      ...slide,
      title: `${slide.id} ${text}`,
      bullets: [text],
      notes: text,
    }));
    const wild: Deck = {
      ...deck,
      title: text,
      slides,
      sections: deck.sections.map((one) => ({ ...one, title: `${one.title} ${text}` })),
    };
    const zip = await JSZip.loadAsync(
      await buildPptx({ deck: wild, pictures: new Map([['s2', PICTURE]]), metrics }),
    );
    for (const file of Object.values(zip.files).filter(({ name }) => /\.(xml|rels)$/.test(name))) {
      expect([file.name, XMLValidator.validate(await file.async('string'))]).toEqual([file.name, true]);
    }
  });

  test('refuses what is no picture', async () => {
    const pictures = new Map([['s2', { ...PICTURE, data: new Uint8Array(40) }]]);
    await expect(buildPptx({ deck, pictures, metrics })).rejects.toThrow('PNG or JPEG');
  });
});

test('finish applies further mends', async () => {
  const marked = await finish(pptx, deck, [
    { parts: /slide1\.xml$/, change: (root) => void (attributesOf(root)['show'] = '0') },
  ]);
  expect(await part(marked, 'ppt/slides/slide1.xml')).toContain('show="0"');
});
