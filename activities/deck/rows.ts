/** Diagrams in rows and columns: steps, two sides, a definition, dates. */
import { card, type Draw, HEADING, LABEL, RADIUS, STROKE } from './canvas';
import { arrowHead, circle, inset, lettering, line, rect, type Rect } from './svg';

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
        sizes: [110, 40],
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
