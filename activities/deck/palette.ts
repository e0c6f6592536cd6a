/** The colours of a drawing, made from a theme's five so that every text reads on what it stands on. */
import type { Theme } from '../../domain/deck';
import { contrast, inkOn, mix } from './themes';

export interface Palette {
  /** Behind the drawing. */
  readonly panel: string;
  /** Boxes on the panel, and what is written in them. */
  readonly card: string;
  readonly text: string;
  /** Arrows and edges; decoration only. */
  readonly edge: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly accent2: string;
  readonly onAccent2: string;
  /** The accent as text on a card. */
  readonly accentText: string;
}

/** WCAG AA for large text, which every label is. */
const LEGIBLE = 3;

export function paletteOf(theme: Theme): Palette {
  const { background, accent, accent2, text } = theme;
  const panel = mix(accent, background, 0.09);
  const isDark = contrast(background, 'FFFFFF') > contrast(background, '000000');
  const card = isDark ? mix('FFFFFF', background, 0.1) : 'FFFFFF';
  return {
    ...{ panel, card, text: inkOn(card, theme), accent, accent2 },
    edge: mix(accent, background, 0.55),
    onAccent: inkOn(accent, theme),
    onAccent2: inkOn(accent2, theme),
    accentText: contrast(accent, card) >= LEGIBLE ? accent : text,
  };
}
