/** Small pieces of SVG: shapes, arrows and text as outlines. Pixels throughout, y downwards. */
import type { Metrics, Weight } from './metrics';
import { clip, withoutOrphan, wrap } from './wrap';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly w: number;
  readonly h: number;
}

const number = (value: number): string => String(Math.round(value * 10) / 10);

export const rect = (
  { x, y, w, h }: Rect,
  radius: number,
  fill: string,
  stroke?: { color: string; width: number },
): string =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}" rx="${radius}" fill="#${fill}"` +
  `${stroke ? ` stroke="#${stroke.color}" stroke-width="${stroke.width}"` : ''}/>`;

export const circle = ({ x, y }: Point, radius: number, fill: string): string =>
  `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}" fill="#${fill}"/>`;

export const stroke = (path: string, color: string, width: number): string =>
  `<path d="${path}" fill="none" stroke="#${color}" stroke-width="${width}" stroke-linecap="round"/>`;

export const line = (from: Point, to: Point, color: string, width: number): string =>
  stroke(`M${number(from.x)} ${number(from.y)}L${number(to.x)} ${number(to.y)}`, color, width);

/** A filled head whose tip is at `tip`, pointing along `angle` (radians, 0 = right). */
export function arrowHead(tip: Point, angle: number, size: number, color: string): string {
  const corner = (turn: number): string => {
    const at = angle + Math.PI + turn;
    return `${number(tip.x + size * Math.cos(at))} ${number(tip.y + size * Math.sin(at))}`;
  };
  return `<path d="M${number(tip.x)} ${number(tip.y)}L${corner(0.5)}L${corner(-0.5)}Z" fill="#${color}"/>`;
}

export interface Lettering {
  readonly text: string;
  readonly box: Rect;
  /** Pixels, largest and least. */
  readonly sizes: readonly [number, number];
  readonly weight: Weight;
  readonly color: string;
  readonly align?: 'middle' | 'start';
}

const LINE = 1.18;
/** From the line's middle to its baseline, of the size: half of a capital's height. */
const BASELINE = 0.36;
const STEP = 2;

/** Text wrapped and shrunk into a box, in its vertical middle; what does not fit at the least size is clipped. */
export function lettering(
  { text, box, sizes: [largest, least], weight, color, align = 'middle' }: Lettering,
  metrics: Metrics,
): string {
  const linesAt = (size: number, words: string) => wrap(words, { size, weight }, box.w, metrics);
  const fitsAt = (size: number, words: string) => linesAt(size, words).length * LINE * size <= box.h;
  const wholeAt = (size: number) =>
    fitsAt(size, text) && text.split(/\s+/u).every((word) => metrics.width(word, { size, weight }) <= box.w);
  let size = largest;
  while (size > least && !wholeAt(size)) size = Math.max(least, size - STEP);
  const shown = clip(text, (shorter) => fitsAt(size, shorter));
  const lines = linesAt(size, withoutOrphan(shown, { size, weight }, box.w, metrics));
  const top = box.y + (box.h - lines.length * LINE * size) / 2;
  const paths = lines.map((words, index) => {
    const rest = box.w - metrics.width(words, { size, weight });
    const x = box.x + (align === 'middle' ? rest / 2 : 0);
    const y = top + (index + 0.5) * LINE * size + BASELINE * size;
    return metrics.outline(words, { size, weight }, x, y);
  });
  return `<path d="${paths.join('')}" fill="#${color}"/>`;
}

export const inset = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x + by,
  y: y + by,
  w: w - 2 * by,
  h: h - 2 * by,
});

export const middleOf = ({ x, y, w, h }: Rect): Point => ({ x: x + w / 2, y: y + h / 2 });

export const around = ({ x, y }: Point, w: number, h: number): Rect => ({ x: x - w / 2, y: y - h / 2, w, h });
