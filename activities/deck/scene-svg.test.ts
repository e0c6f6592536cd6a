import { beforeAll, describe, expect, test } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import { loadMetrics } from '../load-fonts';
import { imageSize } from './image-size';
import type { Metrics } from './metrics';
import type { Scene } from './scene';
import { scenePng, sceneSvg } from './scene-svg';

const LINE = { text: 'AT & <T>', size: 72, weight: 'bold', x: 1, baseline: 2, color: '17212B' } as const;
const SCENE: Scene = {
  title: 'One',
  background: 'FCFBF8',
  primitives: [
    { kind: 'shape', shape: 'rect', box: { x: 0, y: 0, w: 13.333, h: 1 }, color: '0B6E69', opacity: 1 },
    { kind: 'shape', shape: 'ellipse', box: { x: 1, y: 1, w: 2, h: 2 }, color: 'B4460F', opacity: 0.12 },
    { kind: 'text', role: 'title', lines: [LINE] },
  ],
};

let metrics: Metrics;
beforeAll(async () => {
  metrics = await loadMetrics();
});

describe('sceneSvg', () => {
  test('paints text as outlines on a page of 1920 × 1080', () => {
    const svg = sceneSvg(SCENE, metrics);
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toContain('<text');
    expect(svg).toContain('width="1920" height="1080"');
    expect(svg).toContain('<rect x="0" y="0" width="1920" height="144" fill="#0B6E69"/>');
    expect(svg).toContain('fill-opacity="0.12"');
  });

  test('carries pictures within', () => {
    const image = {
      kind: 'image',
      box: { x: 1, y: 1, w: 1, h: 1 },
      data: new Uint8Array([1, 2, 3]),
    } as const;
    const svg = sceneSvg({ ...SCENE, primitives: [{ ...image, media_type: 'image/png', alt: '' }] }, metrics);
    expect(svg).toContain('href="data:image/png;base64,AQID"');
  });

  test('brings pairs of letters together', () => {
    const apart = metrics.outline('AT', { size: 100, weight: 'bold' }, 0, 0);
    expect(metrics.outline('AT', { size: 100, weight: 'bold', kern: true }, 0, 0)).not.toBe(apart);
    const noPair = metrics.outline('A\u00a0Я光', { size: 100, weight: 'bold' }, 0, 0);
    expect(noPair).toMatch(/^M/);
  });
});

describe('scenePng', () => {
  test('is 1920 × 1080', async () => {
    expect(imageSize(await scenePng(SCENE, metrics))).toEqual({ width: 1920, height: 1080 });
  });

  test('is not painted for somebody who has gone', async () => {
    await expect(scenePng(SCENE, metrics, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
