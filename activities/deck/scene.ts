/** A slide as what is to be painted: shapes, lines of text and pictures, placed. Inches, and points for type. */
import type { Deck, Slide, Theme } from '../../domain/deck';
import { type Box, contain, FOOTER, SLIDE_NUMBER } from './boxes';
import { imageSize } from './image-size';
import { layoutDeck, type SlideLayout } from './layout';
import { creditBox, CREDIT_STYLE, DECORATION, footerOf, hasFooter, hasNumber, LOOKS, SMALL } from './looks';
import type { Metrics } from './metrics';
import { oneLine } from './one-line';
import { bodyBlocks, smallBlock, type TextBlock, titleBlock } from './scene-text';
import { altOf, type DeckInput, type SlidePicture, withPictureOrWide } from './slide-picture';

export interface PaintedShape {
  readonly kind: 'shape';
  readonly shape: 'rect' | 'ellipse';
  readonly box: Box;
  /** Six digits of RGB. */
  readonly color: string;
  /** 0 to 1. */
  readonly opacity: number;
}

export interface PaintedImage {
  readonly kind: 'image';
  readonly box: Box;
  readonly data: Uint8Array;
  readonly media_type: string;
  readonly alt: string;
}

export type Primitive = PaintedShape | PaintedImage | TextBlock;

export interface Scene {
  /** The slide's, on one line. */
  readonly title: string;
  readonly background: string;
  /** From the back to the front, texts in reading order. */
  readonly primitives: readonly Primitive[];
}

function decorations({ master }: SlideLayout, theme: Theme): PaintedShape[] {
  return DECORATION[master].map(({ shape, box, color, transparency }) => ({
    ...{ kind: 'shape', shape, box, color: theme[color], opacity: 1 - transparency / 100 },
  }));
}

function image(slide: Slide, frame: Box, { data, media_type }: SlidePicture): PaintedImage {
  return {
    kind: 'image',
    box: contain(imageSize(data), frame),
    ...{ data, media_type, alt: oneLine(altOf(slide)) },
  };
}

interface Setting {
  readonly deck: Deck;
  readonly metrics: Metrics;
  readonly footer: string;
}

function pictureParts(
  slide: Slide,
  frame: Box,
  picture: SlidePicture,
  { deck: { theme }, metrics }: Setting,
): Primitive[] {
  const painted = image(slide, frame, picture);
  if (!picture.credit) return [painted];
  const { size, color } = CREDIT_STYLE;
  const style = { role: 'credit', size, color: theme[color], align: 'end' } as const;
  return [painted, smallBlock(picture.credit, creditBox(painted.box), style, metrics)];
}

/** The deck's title and the slide's number, in small print. */
function margins({ master }: SlideLayout, number: number, setting: Setting): TextBlock[] {
  const { footer, metrics, deck } = setting;
  const style = { role: 'margin', size: SMALL.size, color: deck.theme[SMALL.color] } as const;
  return [
    ...(hasFooter(master) ? [smallBlock(footer, FOOTER, { ...style, align: 'start' }, metrics)] : []),
    ...(hasNumber(master)
      ? [smallBlock(String(number), SLIDE_NUMBER, { ...style, align: 'end' }, metrics)]
      : []),
  ];
}

function sceneOf(
  slide: Slide,
  layout: SlideLayout,
  number: number,
  picture: SlidePicture | undefined,
  setting: Setting,
): Scene {
  const { deck, metrics } = setting;
  const { master, title, body } = layout;
  const look = LOOKS[master];
  return {
    title: oneLine(slide.title),
    background: deck.theme.background,
    primitives: [
      ...decorations(layout, deck.theme),
      titleBlock(title, look.title, deck.theme, metrics),
      ...(body
        ? bodyBlocks(body, { ...look.body, isNumbered: master === 'recap' }, deck.theme, metrics)
        : []),
      ...(layout.picture && picture ? pictureParts(slide, layout.picture, picture, setting) : []),
      ...margins(layout, number, setting),
    ],
  };
}

/** Every slide of the deck as it stands in the PowerPoint file. */
export function scenesOf({ deck, pictures, metrics }: DeckInput): Scene[] {
  const setting: Setting = { deck, metrics, footer: footerOf(deck) };
  const slides = deck.slides.map((slide) => withPictureOrWide(slide, pictures));
  return layoutDeck(slides, metrics).map((layout, index) => {
    const slide = slides[index]!;
    return sceneOf(slide, layout, index + 1, pictures.get(slide.id), setting);
  });
}

/** All that is written on the slides, for `metrics.covers`. */
export const textOfScenes = (scenes: readonly Scene[]): string =>
  scenes
    .flatMap(({ primitives }) => primitives)
    .flatMap((one) => (one.kind === 'text' ? one.lines.map(({ text }) => text) : []))
    .join(' ');
