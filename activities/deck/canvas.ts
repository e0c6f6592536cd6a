/** What all diagrams share: the surface they are drawn on and the card that holds a label. */
import type { Picture } from '../../domain/deck';
import type { Metrics } from './metrics';
import type { Palette } from './palette';
import { inset, lettering, rect, type Rect } from './svg';

export interface Canvas {
  readonly area: Rect;
  readonly palette: Palette;
  readonly metrics: Metrics;
}

export type Draw = (picture: Picture, canvas: Canvas) => string;

/** Pixels on a canvas of 1600 × 1200, which is shown about 5.6 inches wide: 60 px are 15 points. */
export const LABEL: readonly [number, number] = [68, 34];
export const HEADING: readonly [number, number] = [84, 40];
export const RADIUS = 28;
export const STROKE = 7;

export function card(text: string, box: Rect, { palette, metrics }: Canvas, accent = palette.edge): string {
  return (
    rect(box, RADIUS, palette.card, { color: accent, width: 4 }) +
    lettering({ text, box: inset(box, 22), sizes: LABEL, weight: 'bold', color: palette.text }, metrics)
  );
}
