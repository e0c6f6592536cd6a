/** Where things stand on the page: inches on 13.333 × 7.5. The slide masters are made from the same numbers. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const PAGE = { w: 13.333, h: 7.5 } as const;

export const POINTS_PER_INCH = 72;

const MARGIN = 0.8;
const CONTENT_W = PAGE.w - 2 * MARGIN;
const GUTTER = 0.55;
/** Drawn pictures are 4 : 3; this one fills the body's height. */
const PICTURE = { w: 5.6, h: 4.2 };
const BODY_Y = 2.05;

const HEADING: Box = { x: MARGIN, y: 0.72, w: CONTENT_W, h: 1.0 };

/** One master per arrangement; a text box that a slide leaves empty would show a prompt. */
export const MASTERS = {
  opening: {
    title: { x: MARGIN, y: 1.55, w: 7.2, h: 2.5 },
    body: { x: MARGIN, y: 4.7, w: 6.4, h: 1.7 },
  },
  picture: {
    title: HEADING,
    body: { x: MARGIN, y: BODY_Y, w: CONTENT_W - PICTURE.w - GUTTER, h: 4.55 },
    picture: { x: PAGE.w - MARGIN - PICTURE.w, y: BODY_Y, ...PICTURE },
  },
  text: {
    title: HEADING,
    body: { x: MARGIN, y: BODY_Y, w: 10.4, h: 4.55 },
  },
  recap: {
    title: { x: 0.7, y: 0.9, w: 3.2, h: 2.6 },
    body: { x: 5.2, y: 0.9, w: 7.3, h: 5.7 },
  },
} as const satisfies Record<string, { title: Box; body: Box; picture?: Box }>;

export type MasterName = keyof typeof MASTERS;

export const FOOTER: Box = { x: MARGIN, y: 6.98, w: 9.5, h: 0.3 };
export const SLIDE_NUMBER: Box = { x: PAGE.w - MARGIN - 1, y: 6.98, w: 1, h: 0.3 };
export const RECAP_PANEL: Box = { x: 0, y: 0, w: 4.4, h: PAGE.h };
export const OPENING_PANEL: Box = { x: 9.3, y: 0, w: PAGE.w - 9.3, h: PAGE.h };

/** The largest box of the same shape as `size` that fits into `box`, at its top and in its middle. */
export function contain(size: { width: number; height: number }, box: Box): Box {
  const scale = Math.min(box.w / size.width, box.h / size.height);
  const [w, h] = [size.width * scale, size.height * scale];
  return { x: box.x + (box.w - w) / 2, y: box.y, w, h };
}
