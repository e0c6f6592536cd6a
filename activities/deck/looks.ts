/** What a master's slides have in common besides their boxes: decoration, colours, small print. Every format reads it. */
import type { Deck, Theme } from '../../domain/deck';
import { type Box, type MasterName, OPENING_PANEL, RECAP_PANEL } from './boxes';
import { oneLine } from './one-line';
import { clip } from './wrap';

/** A colour by its role, so that changing the theme recolours everything. */
export type Role = Exclude<keyof Theme, 'name' | 'font'>;

export interface Decoration {
  readonly shape: 'rect' | 'ellipse';
  readonly box: Box;
  readonly color: Role;
  /** Percent. */
  readonly transparency: number;
}

const shape = (kind: Decoration['shape'], box: Box, color: Role, transparency = 0): Decoration => ({
  ...{ shape: kind, box, color, transparency },
});

const HEADING = [shape('rect', { x: 0.8, y: 0.5, w: 0.9, h: 0.08 }, 'accent2')] as const;

/** From the back to the front. */
export const DECORATION: { readonly [Name in MasterName]: readonly Decoration[] } = {
  /** A panel with three overlapping discs. */
  opening: [
    shape('rect', OPENING_PANEL, 'accent'),
    shape('ellipse', { x: 8.05, y: 3.55, w: 2.5, h: 2.5 }, 'accent2'),
    shape('ellipse', { x: 9.75, y: 1.15, w: 3.1, h: 3.1 }, 'background', 82),
    shape('ellipse', { x: 10.75, y: 3.35, w: 3.9, h: 3.9 }, 'background', 90),
    shape('rect', { x: 0.8, y: 4.32, w: 0.9, h: 0.08 }, 'accent2'),
  ],
  picture: HEADING,
  text: HEADING,
  recap: [
    shape('rect', RECAP_PANEL, 'accent'),
    shape('ellipse', { x: -1.3, y: 4.9, w: 4, h: 4 }, 'background', 88),
    shape('ellipse', { x: 2.6, y: 5.6, w: 1.1, h: 1.1 }, 'accent2'),
    shape('rect', { x: 0.7, y: 0.55, w: 0.9, h: 0.08 }, 'background'),
  ],
};

export interface TextLook {
  readonly color: Role;
  readonly valign: 'top' | 'middle' | 'bottom';
}

const CONTENT = {
  title: { color: 'text', valign: 'middle' },
  body: { color: 'text', valign: 'top' },
} as const;

/** The recap's title stands on the accent, as the tests of the themes know. */
export const LOOKS: { readonly [Name in MasterName]: { readonly title: TextLook; readonly body: TextLook } } =
  {
    opening: { title: { color: 'text', valign: 'bottom' }, body: { color: 'muted', valign: 'top' } },
    picture: CONTENT,
    text: CONTENT,
    recap: { title: { color: 'background', valign: 'top' }, body: { color: 'text', valign: 'middle' } },
  };

/** Of the term above its definition. */
export const LEAD_COLOR: Role = 'accent';

/** The deck's title and the slide's number: points. */
export const SMALL = { size: 10, color: 'muted' } as const satisfies { size: number; color: Role };

export const hasFooter = (master: MasterName): boolean => master === 'picture' || master === 'text';
export const hasNumber = (master: MasterName): boolean => master !== 'opening';

const FOOTER_CHARS = 90;

export const footerOf = ({ title }: Deck): string =>
  clip(oneLine(title), (text) => text.length <= FOOTER_CHARS);

/** Under a picture, to the right: inches and points. */
const CREDIT = { gap: 0.05, h: 0.22, size: 9, color: 'muted' } as const;

export const CREDIT_STYLE = { size: CREDIT.size, color: CREDIT.color } as const;

export const creditBox = ({ x, y, w, h }: Box): Box => ({ x, y: y + h + CREDIT.gap, w, h: CREDIT.h });
