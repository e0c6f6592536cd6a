/** Draws a slide's picture as SVG whose text is outlines, so that no rasteriser needs fonts. */
import type { Picture, Theme } from '../../domain/deck';
import type { Draw } from './canvas';
import type { Metrics } from './metrics';
import { paletteOf } from './palette';
import { drawCycle, drawHub } from './rings';
import { drawComparison, drawDefinition, drawProcess, drawTimeline } from './rows';
import { inset, rect } from './svg';

export interface Drawing {
  readonly svg: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

const WIDTH = 1600;
const HEIGHT = 1200;
const MARGIN = 90;
const PANEL_RADIUS = 44;

const DRAW: { readonly [Kind in Picture['kind']]: Draw } = {
  process: drawProcess,
  cycle: drawCycle,
  hub: drawHub,
  comparison: drawComparison,
  definition: drawDefinition,
  timeline: drawTimeline,
};

export function drawPicture(picture: Picture, theme: Theme, metrics: Metrics): Drawing {
  const palette = paletteOf(theme);
  const page = { x: 0, y: 0, w: WIDTH, h: HEIGHT };
  const drawing = DRAW[picture.kind](picture, { area: inset(page, MARGIN), palette, metrics });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `${rect(page, PANEL_RADIUS, palette.panel)}${drawing}</svg>`;
  return { svg, width: WIDTH, height: HEIGHT };
}

/** All that a drawing writes. */
export const textOf = ({ labels, center = '' }: Picture): string => [center, ...labels].join(' ');
