import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadMetrics } from '../load-fonts';
import type { Metrics } from './metrics';

describe('metrics', () => {
  let metrics: Metrics;
  beforeAll(async () => {
    metrics = await loadMetrics();
  });

  test('has the widths of Arial', () => {
    // From Arial's own table: A 1366, space 569 of 2048 units.
    expect(metrics.width('A A', { size: 2048, weight: 'regular' })).toBe(1366 + 569 + 1366);
    expect(metrics.width('A', { size: 2048, weight: 'bold' })).toBe(1479);
  });

  test('counts a no-break space as a space and a composed letter as one', () => {
    const style = { size: 10, weight: 'regular' } as const;
    expect(metrics.width('\u00a0', style)).toBe(metrics.width(' ', style));
    expect(metrics.width('e\u0301', style)).toBe(metrics.width('é', style));
  });

  test('counts what no font has as a full em', () => {
    expect(metrics.width('光', { size: 10, weight: 'regular' })).toBe(10);
  });

  test('draws outlines at the place that it is told', () => {
    const at = (x: number) => metrics.outline('l', { size: 100, weight: 'bold' }, x, 50);
    expect(at(0)).toMatch(/^M[\d.]+ -[\d.]+L[\d.]+ 50L/);
    expect(at(10)).not.toBe(at(0));
    expect(metrics.outline(' ', { size: 100, weight: 'bold' }, 0, 0)).toBe('');
  });

  test.each(['Photosynthese über 2 °C', 'Фотосинтез', 'φως', 'Żółć'])('covers %s', (text) => {
    expect(metrics.covers(text)).toBe(true);
  });

  test.each(['光合作用', 'שלום', 'ضوء', '🌱'])('does not cover %s', (text) => {
    expect(metrics.covers(text)).toBe(false);
  });
});
