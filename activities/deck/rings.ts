/** Diagrams around a middle: a cycle, and a topic with its facets. */
import { type Draw, card, HEADING, STROKE } from './canvas';
import {
  around,
  arrowHead,
  inset,
  lettering,
  line,
  middleOf,
  type Point,
  rect,
  type Rect,
  stroke,
} from './svg';

interface Ring {
  readonly middle: Point;
  readonly rx: number;
  readonly ry: number;
}

const onRing = ({ middle, rx, ry }: Ring, angle: number): Point => ({
  x: middle.x + rx * Math.cos(angle),
  y: middle.y + ry * Math.sin(angle),
});

const CARD = { w: 470, h: 220 };

/** Smaller cards when there are many; the ring keeps them within the area. */
function ringOf(count: number, area: Rect): { ring: Ring; w: number; h: number } {
  const scale = count > 6 ? 0.78 : 1;
  const [w, h] = [CARD.w * scale, CARD.h * scale];
  return { ring: { middle: middleOf(area), rx: (area.w - w) / 2, ry: (area.h - h) / 2 }, w, h };
}

const TURN = 2 * Math.PI;
const NOON = -Math.PI / 2;

/** Cards on a ring, clockwise from the top, an arc with its arrow between two of them. */
export const drawCycle: Draw = ({ labels, center }, canvas) => {
  const { area, palette, metrics } = canvas;
  const { ring, w, h } = ringOf(labels.length, area);
  const angles = labels.map((_, index) => NOON + (index * TURN) / labels.length);
  const arcs = angles.map((angle) => {
    const next = angle + TURN / labels.length;
    const clear = (at: number, box: number) => isClear(onRing(ring, at), onRing(ring, box), w, h);
    const steps = Array.from({ length: 61 }, (_, step) => angle + ((next - angle) * step) / 60);
    const free = steps.filter((at) => clear(at, angle) && clear(at, next));
    return free.length < 3 ? '' : arc(ring, free, palette.accent2);
  });
  const middle = around(ring.middle, Math.max(300, 2 * ring.rx - w - 130), 220);
  return (
    arcs.join('') +
    labels.map((label, index) => card(label, around(onRing(ring, angles[index]!), w, h), canvas)).join('') +
    lettering(
      { text: center ?? '', box: middle, sizes: HEADING, weight: 'bold', color: palette.text },
      metrics,
    )
  );
};

/** Outside a card and its margin. */
const isClear = (point: Point, card: Point, w: number, h: number): boolean =>
  Math.abs(point.x - card.x) > w / 2 + 16 || Math.abs(point.y - card.y) > h / 2 + 16;

function arc(ring: Ring, angles: readonly number[], color: string): string {
  const points = angles.map((angle) => onRing(ring, angle));
  const [before, tip] = points.slice(-2) as [Point, Point];
  const path = points
    .slice(0, -2)
    .map(({ x, y }, index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`);
  return (
    stroke(path.join(''), color, STROKE) +
    arrowHead(tip, Math.atan2(tip.y - before.y, tip.x - before.x), 38, color)
  );
}

/** The topic in the middle, its facets around it. */
export const drawHub: Draw = ({ labels, center }, canvas) => {
  const { area, palette, metrics } = canvas;
  const places = hubPlaces(labels.length, area);
  const middle = middleOf(area);
  const core = around(middle, 660, 260);
  return (
    places.map((place) => line(middle, middleOf(place), palette.edge, STROKE)).join('') +
    labels.map((label, index) => card(label, places[index]!, canvas)).join('') +
    rect(core, 130, palette.accent) +
    lettering(
      { text: center ?? '', box: inset(core, 44), sizes: HEADING, weight: 'bold', color: palette.onAccent },
      metrics,
    )
  );
};

/** Half of the facets above the topic, half below, read from left to right. */
function hubPlaces(count: number, area: Rect): Rect[] {
  const above = Math.ceil(count / 2);
  const row = (length: number, y: number): Rect[] => {
    const gap = 50;
    const w = Math.min(620, (area.w - gap * (length - 1)) / length);
    const left = area.x + (area.w - w * length - gap * (length - 1)) / 2;
    return Array.from({ length }, (_, index) => ({ x: left + index * (w + gap), y, w, h: HUB_ROW }));
  };
  return [...row(above, area.y), ...row(count - above, area.y + area.h - HUB_ROW)];
}

const HUB_ROW = 260;
