/** Scenes as SVG whose text is outlines, and as PNG of 1920 × 1080. */
import { renderAsync } from '@resvg/resvg-js';
import { type Box, PAGE, POINTS_PER_INCH } from './boxes';
import type { Metrics } from './metrics';
import type { PaintedImage, PaintedShape, Primitive, Scene } from './scene';
import type { TextBlock } from './scene-text';

/** Pixels. */
export const SCENE_SIZE = { width: 1920, height: 1080 } as const;

const PIXELS_PER_INCH = SCENE_SIZE.width / PAGE.w;

const number = (value: number): string => String(Math.round(value * 100) / 100);
const pixels = (inches: number): string => number(inches * PIXELS_PER_INCH);

const rectangle = ({ x, y, w, h }: Box): string =>
  `x="${pixels(x)}" y="${pixels(y)}" width="${pixels(w)}" height="${pixels(h)}"`;

const ellipse = ({ x, y, w, h }: Box): string =>
  `cx="${pixels(x + w / 2)}" cy="${pixels(y + h / 2)}" rx="${pixels(w / 2)}" ry="${pixels(h / 2)}"`;

function shape({ shape: kind, box, color, opacity }: PaintedShape): string {
  const look = `fill="#${color}"${opacity < 1 ? ` fill-opacity="${number(opacity)}"` : ''}`;
  return kind === 'rect' ? `<rect ${rectangle(box)} ${look}/>` : `<ellipse ${ellipse(box)} ${look}/>`;
}

function image({ box, data, media_type }: PaintedImage): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return `<image ${rectangle(box)} href="data:${media_type};base64,${bytes}"/>`;
}

function text({ lines }: TextBlock, metrics: Metrics): string {
  const paths = lines.map(({ text: words, size, weight, x, baseline, color }) => {
    const style = { size: (size / POINTS_PER_INCH) * PIXELS_PER_INCH, weight, kern: true };
    const d = metrics.outline(words, style, x * PIXELS_PER_INCH, baseline * PIXELS_PER_INCH);
    return `<path d="${d}" fill="#${color}"/>`;
  });
  return paths.join('');
}

function paint(one: Primitive, metrics: Metrics): string {
  if (one.kind === 'shape') return shape(one);
  return one.kind === 'image' ? image(one) : text(one, metrics);
}

export function sceneSvg({ background, primitives }: Scene, metrics: Metrics): string {
  const { width, height } = SCENE_SIZE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#${background}"/>` +
    `${primitives.map((one) => paint(one, metrics)).join('')}</svg>`
  );
}

/** Paints on a thread of its own, in some tenths of a second. */
export async function scenePng(scene: Scene, metrics: Metrics, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const svg = sceneSvg(scene, metrics);
  // resvg takes hold of the signal it is given and refuses one that it has held before.
  const own = signal ? AbortSignal.any([signal]) : null;
  const painted = await renderAsync(svg, { font: { loadSystemFonts: false } }, own);
  return painted.asPng();
}
