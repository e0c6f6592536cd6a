/** One drawing per kind of picture, within the canvas; labels are never more than eight. */
import type { Picture } from '../../domain/deck';
import type { Metrics } from './metrics';
import type { Palette } from './palette';
import {
  around,
  arrowHead,
  circle,
  inset,
  lettering,
  line,
  middleOf,
  type Point,
  rect,
  type Rect,
  stroke,
} from './svg';

export interface Canvas {
  readonly area: Rect;
  readonly palette: Palette;
  readonly metrics: Metrics;
}

export type Draw = (picture: Picture, canvas: Canvas) => string;

/** Pixels on a canvas of 1600 × 1200, which is shown about 5.6 inches wide: 60 px are 15 points. */
const LABEL: readonly [number, number] = [68, 34];
const HEADING: readonly [number, number] = [84, 40];
const RADIUS = 28;
const STROKE = 7;

function card(text: string, box: Rect, { palette, metrics }: Canvas, accent = palette.edge): string {
  return (
    rect(box, RADIUS, palette.card, { color: accent, width: 4 }) +
    lettering({ text, box: inset(box, 22), sizes: LABEL, weight: 'bold', color: palette.text }, metrics)
  );
}

/** Numbered rows from top to bottom, an arrow from each to the next. */
export const drawProcess: Draw = ({ labels }, { area, palette, metrics }) => {
  const gap = labels.length > 5 ? 34 : 56;
  const h = Math.min(200, (area.h - gap * (labels.length - 1)) / labels.length);
  const top = area.y + (area.h - h * labels.length - gap * (labels.length - 1)) / 2;
  const badge = h;
  return labels
    .map((label, index) => {
      const y = top + index * (h + gap);
      const number: Rect = { x: area.x, y, w: badge, h };
      const row: Rect = { x: area.x, y, w: area.w, h };
      const text: Rect = { x: area.x + badge + 40, y: y + 12, w: area.w - badge - 80, h: h - 24 };
      const [from, to] = [y + h + 8, y + h + gap - 6];
      const x = area.x + badge / 2;
      const arrow =
        index === labels.length - 1
          ? ''
          : line({ x, y: from }, { x, y: to - 18 }, palette.edge, STROKE) +
            arrowHead({ x, y: to }, Math.PI / 2, 30, palette.edge);
      return (
        rect(row, RADIUS, palette.card, { color: palette.edge, width: 4 }) +
        rect(number, RADIUS, palette.accent) +
        lettering(
          { text: String(index + 1), box: number, sizes: HEADING, weight: 'bold', color: palette.onAccent },
          metrics,
        ) +
        lettering(
          { text: label, box: text, sizes: LABEL, weight: 'bold', color: palette.text, align: 'start' },
          metrics,
        ) +
        arrow
      );
    })
    .join('');
};

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
  const arcs = angles.map((angle, index) => {
    const next = angle + TURN / labels.length;
    const clear = (at: number, box: number) => isClear(onRing(ring, at), onRing(ring, box), w, h);
    const steps = Array.from({ length: 61 }, (_, step) => angle + ((next - angle) * step) / 60);
    const free = steps.filter((at) => clear(at, angle) && clear(at, next));
    return free.length < 3 ? '' : arc(ring, free, palette.accent2, index);
  });
  const middle = around(ring.middle, Math.max(300, 2 * ring.rx - w - 60), 220);
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

function arc(ring: Ring, angles: readonly number[], color: string, _index: number): string {
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
  const core = around(middle, 500, 260);
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

/** Two columns; the first two labels head them, the others follow in turns. */
export const drawComparison: Draw = ({ labels }, canvas) => {
  const { area, palette, metrics } = canvas;
  const gap = 60;
  const w = (area.w - gap) / 2;
  const rows = Math.ceil(labels.length / 2) - 1;
  const head = rows > 0 ? 210 : area.h * 0.6;
  const h = rows > 0 ? Math.min(240, (area.h - head - rows * 40) / rows) : 0;
  const top = area.y + (area.h - head - rows * (h + 40)) / 2;
  const colors = [
    [palette.accent, palette.onAccent],
    [palette.accent2, palette.onAccent2],
  ] as const;
  return labels
    .map((label, index) => {
      const side = index % 2;
      const row = Math.floor(index / 2);
      const x = area.x + side * (w + gap);
      const [fill, ink] = colors[side]!;
      if (row > 0) return card(label, { x, y: top + head + 40 + (row - 1) * (h + 40), w, h }, canvas, fill);
      const box: Rect = { x, y: top, w, h: head };
      return (
        rect(box, RADIUS, fill) +
        lettering({ text: label, box: inset(box, 30), sizes: HEADING, weight: 'bold', color: ink }, metrics)
      );
    })
    .join('');
};

/** A term over what it means. */
export const drawDefinition: Draw = ({ labels, center }, { area, palette, metrics }) => {
  const head = 300;
  const top: Rect = { ...area, h: head };
  const body: Rect = { x: area.x, y: area.y + head, w: area.w, h: area.h - head };
  return (
    rect(area, RADIUS, palette.card, { color: palette.edge, width: 4 }) +
    rect(top, RADIUS, palette.accent) +
    rect({ ...top, y: area.y + RADIUS, h: head - RADIUS }, 0, palette.accent) +
    lettering(
      {
        text: center ?? labels[0]!,
        box: inset(top, 50),
        sizes: [104, 48],
        weight: 'bold',
        color: palette.onAccent,
      },
      metrics,
    ) +
    lettering(
      {
        text: labels.join('. '),
        box: inset(body, 70),
        sizes: [76, 40],
        weight: 'regular',
        color: palette.text,
      },
      metrics,
    )
  );
};

const DATED = /^(?<when>[^:]{1,12}): (?<what>.+)$/u;

/** Dates down a line, what happened beside them. */
export const drawTimeline: Draw = ({ labels }, { area, palette, metrics }) => {
  const h = Math.min(230, area.h / labels.length);
  const top = area.y + (area.h - h * labels.length) / 2;
  const x = area.x + 420;
  const rows = labels.map((label, index) => {
    const { when = '', what = label } = DATED.exec(label)?.groups ?? {};
    const y = top + index * h;
    const [left, right]: [Rect, Rect] = [
      { x: area.x, y: y + 10, w: 340, h: h - 20 },
      { x: x + 80, y: y + 10, w: area.x + area.w - x - 80, h: h - 20 },
    ];
    return (
      circle({ x, y: y + h / 2 }, 34, palette.accent2) +
      circle({ x, y: y + h / 2 }, 16, palette.panel) +
      lettering(
        { text: when, box: left, sizes: [96, 44], weight: 'bold', color: palette.accentText },
        metrics,
      ) +
      lettering(
        { text: what, box: right, sizes: LABEL, weight: 'bold', color: palette.text, align: 'start' },
        metrics,
      )
    );
  });
  const spine = line({ x, y: top + h / 2 }, { x, y: top + h * (labels.length - 0.5) }, palette.edge, STROKE);
  return spine + rows.join('');
};
