import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Deck, Slide } from '../../domain/deck';
import { loadMetrics } from '../load-fonts';
import { PICTURE, slide } from './__fixtures__/slides';
import { MASTERS, PAGE } from './boxes';
import type { Metrics } from './metrics';
import { type Scene, scenesOf, textOfScenes } from './scene';
import type { TextBlock } from './scene-text';
import type { SlidePicture } from './slide-picture';
import { LIGHT } from './themes';

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PHOTO: SlidePicture = { data: PIXEL, media_type: 'image/png', credit: 'Photo: Ada & Bo' };

const deckOf = (...slides: Slide[]): Deck => ({
  ...{ schema: 'deck/1', title: 'Photosynthesis', language: 'en', theme: LIGHT, sections: [], slides },
  ...{ provider: 'test', model: 'test', quality: 'basic' },
});

let metrics: Metrics;
beforeAll(async () => {
  metrics = await loadMetrics();
});

function sceneOf(one: Slide, picture?: SlidePicture): Scene {
  const pictures = new Map(picture ? [[one.id, picture]] : []);
  return scenesOf({ deck: deckOf(one), pictures, metrics })[0]!;
}

const textsOf = ({ primitives }: Scene): TextBlock[] =>
  primitives.flatMap((one) => (one.kind === 'text' ? [one] : []));
const withRole = (scene: Scene, role: TextBlock['role']) =>
  textsOf(scene)
    .filter((one) => one.role === role)
    .map(({ lines }) => lines);

describe('scenesOf', () => {
  test('sets the title in bold within its box', () => {
    const [[line]] = withRole(sceneOf(slide()), 'title') as [[TextBlock['lines'][number]]];
    expect(line).toMatchObject({ text: 'The light reactions', weight: 'bold', color: LIGHT.text, x: 0.8 });
    const { y, h } = MASTERS.text.title;
    expect(line.baseline).toBeGreaterThan(y);
    expect(line.baseline).toBeLessThan(y + h);
  });

  test('marks bullets at the edge and sets their text beside', () => {
    const items = withRole(sceneOf(slide()), 'item');
    expect(items.map(([mark, text]) => [mark!.text, text!.text])).toEqual([
      ['•', 'Chlorophyll absorbs a photon'],
      ['•', 'Water is split'],
    ]);
    const [mark, text] = items[0]!;
    expect(mark!.x).toBe(MASTERS.text.body.x);
    expect(text!.x).toBeCloseTo(mark!.x + 0.32);
    expect(text!.baseline).toBe(mark!.baseline);
  });

  test('numbers a recap and shows no deck title on it', () => {
    const scene = sceneOf(slide({ layout: 'recap', title: 'Recap' }));
    expect(withRole(scene, 'item').map(([mark]) => mark!.text)).toEqual(['1.', '2.']);
    expect(withRole(scene, 'title')[0]![0]!.color).toBe(LIGHT.background);
    expect(withRole(scene, 'margin').map(([line]) => line!.text)).toEqual(['1']);
  });

  test('sets a term in bold and in the accent above its definition', () => {
    const scene = sceneOf(slide({ bullets: ['Stroma — the fluid', 'Rubisco — an enzyme'] }));
    const [lead, text] = withRole(scene, 'paragraph')[0]!;
    expect(lead).toMatchObject({ text: 'Stroma', weight: 'bold', color: LIGHT.accent });
    expect(text).toMatchObject({ text: 'the fluid', weight: 'regular', color: LIGHT.text });
    expect(text!.baseline).toBeGreaterThan(lead!.baseline);
  });

  test('opens with a subtitle, a panel and neither number nor deck title', () => {
    const scene = sceneOf(slide({ layout: 'title', bullets: [], subtitle: 'How plants do it' }));
    expect(withRole(scene, 'paragraph')[0]![0]).toMatchObject({
      text: 'How plants do it',
      color: LIGHT.muted,
    });
    expect(withRole(scene, 'margin')).toEqual([]);
    expect(scene.primitives.filter(({ kind }) => kind === 'shape')).toHaveLength(5);
  });

  test('fits a picture into its frame with its credit under its right edge', () => {
    const scene = sceneOf(slide({ picture: PICTURE }), PHOTO);
    const image = scene.primitives.find((one) => one.kind === 'image')!;
    const frame = MASTERS.picture.picture;
    expect(image.alt).toBe(PICTURE.alt);
    expect(image.box).toMatchObject({ y: frame.y, w: frame.h, h: frame.h });
    expect(image.box.x + image.box.w / 2).toBeCloseTo(frame.x + frame.w / 2);
    const [credit] = withRole(scene, 'credit')[0]!;
    const width = metrics.width(credit!.text, { size: 9, weight: 'regular' }) / 72;
    expect(credit!.x + width).toBeCloseTo(image.box.x + image.box.w);
    expect(credit!.baseline).toBeGreaterThan(image.box.y + image.box.h);
  });

  test('gives a slide without its picture the whole width', () => {
    const bullets = ['Chlorophyll absorbs a photon, and an electron is lifted to a much higher energy level'];
    const lines = (scene: Scene) => withRole(scene, 'item')[0]!.length;
    const wide = sceneOf(slide({ bullets, picture: PICTURE }));
    expect(wide.primitives.some(({ kind }) => kind === 'image')).toBe(false);
    expect(lines(wide)).toBeLessThan(lines(sceneOf(slide({ bullets, picture: PICTURE }), PHOTO)));
  });

  test('keeps every line on the page and the lines of a block in order', () => {
    const bullets = Array.from({ length: 5 }, () =>
      'Rubisco fixes carbon dioxide and is slow at it. '.repeat(3),
    );
    const lines = textsOf(sceneOf(slide({ bullets, picture: PICTURE }), PHOTO)).flatMap((one) => one.lines);
    for (const { text, x, baseline, size, weight } of lines) {
      expect(x + metrics.width(text, { size, weight }) / 72).toBeLessThanOrEqual(PAGE.w);
      expect(baseline).toBeLessThan(PAGE.h);
    }
    const body = withRole(sceneOf(slide({ bullets })), 'item').flat();
    expect([...body].sort((one, other) => one.baseline - other.baseline)).toEqual(body);
    expect(body.at(-1)!.baseline).toBeLessThan(MASTERS.text.body.y + MASTERS.text.body.h);
  });

  test('shortens small print to its box', () => {
    const credit = 'Photographer '.repeat(30);
    const [line] = withRole(sceneOf(slide({ picture: PICTURE }), { ...PHOTO, credit }), 'credit')[0]!;
    expect(line!.text).toMatch(/…$/);
  });

  test('tells all that it writes', () => {
    const text = textOfScenes([sceneOf(slide({ title: 'Фотосинтез 光' }))]);
    expect(text).toContain('Фотосинтез 光');
    expect(metrics.covers(text)).toBe(false);
  });
});
