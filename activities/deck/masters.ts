/** Slide masters: background, decoration, placeholders and slide number, from the same boxes as the layout. */
import type pptxgen from 'pptxgenjs';
import type { Theme } from '../../domain/deck';
import {
  type Box,
  FOOTER,
  type MasterName,
  MASTERS,
  OPENING_PANEL,
  PAGE,
  RECAP_PANEL,
  SLIDE_NUMBER,
} from './boxes';
import { BODY_SIZES, TITLE_SIZES } from './layout';

type MasterProps = pptxgen.SlideMasterProps;
type MasterObject = NonNullable<MasterProps['objects']>[number];

/** Names of the theme's colours, so that a person can change the theme in one place. */
export const INK = {
  text: 'tx1',
  background: 'bg1',
  muted: 'tx2',
  accent: 'accent1',
  accent2: 'accent2',
} as const;

/** pptxgenjs reads the colour names of a scheme wherever it takes a colour. */
type Ink = (typeof INK)[keyof typeof INK];

const NO_INSET = 0;

const shape = (kind: 'rect' | 'ellipse', box: Box, color: Ink, transparency = 0): MasterObject => ({
  text: {
    text: '',
    options: {
      ...box,
      shape: kind as pptxgen.ShapeType,
      fill: { color, transparency },
      objectName: 'Decoration',
    },
  },
});

const placeholder = (
  type: 'title' | 'body',
  box: Box,
  { size, color, valign }: { size: number; color: Ink; valign: 'top' | 'middle' | 'bottom' },
  fontFace: string,
): MasterObject => ({
  placeholder: {
    text: '',
    options: {
      ...{
        name: type,
        type,
        objectName: type === 'title' ? 'Title' : 'Body',
        ...box,
        margin: NO_INSET,
        valign,
        fontFace,
        color,
        align: 'left',
      },
      ...{ fontSize: size, bold: type === 'title' },
    },
  },
});

/** On the opening slide: a panel with three overlapping discs. */
const opening = (): MasterObject[] => [
  shape('rect', OPENING_PANEL, INK.accent),
  shape('ellipse', { x: 8.05, y: 3.55, w: 2.5, h: 2.5 }, INK.accent2),
  shape('ellipse', { x: 9.75, y: 1.15, w: 3.1, h: 3.1 }, INK.background, 82),
  shape('ellipse', { x: 10.75, y: 3.35, w: 3.9, h: 3.9 }, INK.background, 90),
  shape('rect', { x: 0.8, y: 4.32, w: 0.9, h: 0.08 }, INK.accent2),
];

const heading = (): MasterObject[] => [shape('rect', { x: 0.8, y: 0.5, w: 0.9, h: 0.08 }, INK.accent2)];

const recap = (): MasterObject[] => [
  shape('rect', RECAP_PANEL, INK.accent),
  shape('ellipse', { x: -1.3, y: 4.9, w: 4, h: 4 }, INK.background, 88),
  shape('ellipse', { x: 2.6, y: 5.6, w: 1.1, h: 1.1 }, INK.accent2),
  shape('rect', { x: 0.7, y: 0.55, w: 0.9, h: 0.08 }, INK.background),
];

const DECORATION: { readonly [Name in MasterName]: () => MasterObject[] } = {
  opening,
  picture: heading,
  text: heading,
  recap,
};

/** The title's colour on each master; the recap's stands on the accent, as the tests of the themes know. */
const TITLE_INK: { readonly [Name in MasterName]: Ink } = {
  opening: INK.text,
  picture: INK.text,
  text: INK.text,
  recap: INK.background,
};

const TITLES: { readonly [Name in MasterName]: string } = {
  opening: 'Opening',
  picture: 'Text and picture',
  text: 'Text',
  recap: 'Recap',
};

export const masterTitle = (name: MasterName): string => TITLES[name];

export function masterProps(name: MasterName, theme: Theme, footer: string): MasterProps {
  const { title, body } = MASTERS[name];
  const isOpening = name === 'opening';
  const small = { fontFace: theme.font, fontSize: 10, color: INK.muted };
  const footers: MasterObject[] =
    name === 'picture' || name === 'text'
      ? [
          {
            text: {
              text: footer,
              options: { ...FOOTER, ...small, margin: NO_INSET, valign: 'middle', objectName: 'Deck title' },
            },
          },
        ]
      : [];
  return {
    title: TITLES[name],
    background: { color: INK.background },
    objects: [
      ...DECORATION[name](),
      ...footers,
      placeholder(
        'title',
        title,
        {
          size: TITLE_SIZES[0],
          color: TITLE_INK[name],
          valign: isOpening ? 'bottom' : name === 'recap' ? 'top' : 'middle',
        },
        theme.font,
      ),
      placeholder(
        'body',
        body,
        {
          size: BODY_SIZES[2],
          color: isOpening ? INK.muted : INK.text,
          valign: name === 'recap' ? 'middle' : 'top',
        },
        theme.font,
      ),
    ],
    ...(!isOpening && {
      slideNumber: { ...SLIDE_NUMBER, ...small, align: 'right', valign: 'middle', margin: NO_INSET },
    }),
  };
}

export const PAGE_LAYOUT = { name: 'WIDE', width: PAGE.w, height: PAGE.h } as const;
