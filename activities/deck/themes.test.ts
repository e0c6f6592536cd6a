import { describe, expect, test } from '@jest/globals';
import { themeSchema } from '../../domain/deck';
import { paletteOf } from './palette';
import { contrast, inkOn, mix, THEMES } from './themes';

const AA = 4.5;
const AA_LARGE = 3;

describe.each(Object.values(THEMES))('theme $name', (theme) => {
  const { background, text, muted, accent, accent2 } = theme;

  test('is a theme', () => expect(themeSchema.parse(theme)).toEqual(theme));

  test.each([
    ['text', text, background],
    ['muted text', muted, background],
    ['a term in the accent', accent, background],
    ['the second accent', accent2, background],
    ['the recap’s title on the accent', background, accent],
  ])('%s reads well (WCAG AA)', (_, ink, surface) => {
    expect(contrast(ink, surface)).toBeGreaterThanOrEqual(AA);
  });

  test('every text of a drawing reads well', () => {
    const palette = paletteOf(theme);
    for (const [ink, surface] of [
      [palette.text, palette.card],
      [palette.text, palette.panel],
      [palette.onAccent, palette.accent],
      [palette.onAccent2, palette.accent2],
    ] as const) {
      expect(contrast(ink, surface)).toBeGreaterThanOrEqual(AA);
    }
    expect(contrast(palette.accentText, palette.panel)).toBeGreaterThanOrEqual(AA_LARGE);
  });
});

test('contrast is WCAG’s', () => {
  expect(contrast('000000', 'FFFFFF')).toBeCloseTo(21, 5);
  expect(contrast('777777', 'FFFFFF')).toBeCloseTo(4.48, 2);
});

test('mixes colours and picks the ink that reads better', () => {
  expect(mix('000000', 'FFFFFF', 0.5)).toBe('808080');
  const theme = THEMES['paper']!;
  expect(inkOn('FFFFFF', theme)).toBe(theme.text);
  expect(inkOn('222222', theme)).toBe(theme.background);
});
