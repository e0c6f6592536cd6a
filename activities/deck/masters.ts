/** Slide masters: background, decoration, placeholders and slide number, from the same boxes as the layout. */
import type pptxgen from 'pptxgenjs';
import type { Theme } from '../../domain/deck';
import { type Box, FOOTER, type MasterName, MASTERS, PAGE, SLIDE_NUMBER } from './boxes';
import { BODY_SIZES, TITLE_SIZES } from './layout';
import {
  DECORATION,
  type Decoration,
  hasFooter,
  hasNumber,
  LOOKS,
  type Role,
  SMALL,
  type TextLook,
} from './looks';

type MasterProps = pptxgen.SlideMasterProps;
type MasterObject = NonNullable<MasterProps['objects']>[number];

/** Names of the theme's colours, so that a person can change the theme in one place. */
export const INK = {
  text: 'tx1',
  background: 'bg1',
  muted: 'tx2',
  accent: 'accent1',
  accent2: 'accent2',
} as const satisfies Record<Role, string>;

const NO_INSET = 0;

/** pptxgenjs reads the colour names of a scheme wherever it takes a colour. */
const decoration = ({ shape, box, color, transparency }: Decoration): MasterObject => ({
  text: {
    text: '',
    options: {
      ...box,
      shape: shape as pptxgen.ShapeType,
      fill: { color: INK[color], transparency },
      objectName: 'Decoration',
    },
  },
});

const placeholder = (
  type: 'title' | 'body',
  box: Box,
  { size, color, valign }: TextLook & { size: number },
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
        color: INK[color],
        align: 'left',
      },
      ...{ fontSize: size, bold: type === 'title' },
    },
  },
});

const TITLES: { readonly [Name in MasterName]: string } = {
  opening: 'Opening',
  picture: 'Text and picture',
  text: 'Text',
  recap: 'Recap',
};

export const masterTitle = (name: MasterName): string => TITLES[name];

export function masterProps(name: MasterName, theme: Theme, footer: string): MasterProps {
  const { title, body } = MASTERS[name];
  const look = LOOKS[name];
  const small = { fontFace: theme.font, fontSize: SMALL.size, color: INK[SMALL.color], margin: NO_INSET };
  const deckTitle: MasterObject = {
    text: { text: footer, options: { ...FOOTER, ...small, valign: 'middle', objectName: 'Deck title' } },
  };
  return {
    title: TITLES[name],
    background: { color: INK.background },
    objects: [
      ...DECORATION[name].map(decoration),
      ...(hasFooter(name) ? [deckTitle] : []),
      placeholder('title', title, { size: TITLE_SIZES[0], ...look.title }, theme.font),
      placeholder('body', body, { size: BODY_SIZES[2], ...look.body }, theme.font),
    ],
    ...(hasNumber(name) && {
      slideNumber: { ...SLIDE_NUMBER, ...small, align: 'right', valign: 'middle' },
    }),
  };
}

export const PAGE_LAYOUT = { name: 'WIDE', width: PAGE.w, height: PAGE.h } as const;
