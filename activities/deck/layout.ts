/** Decides size and wording so that each text fits its box, measured with the font's own widths. */
import type { Slide } from '../../domain/deck';
import { type Box, type MasterName, MASTERS, POINTS_PER_INCH } from './boxes';
import type { Metrics, TextStyle, Weight } from './metrics';
import { clip, withoutOrphan, wrap } from './wrap';

/** `lead` stands above `text` in bold: a term over its definition. */
export interface Paragraph {
  readonly lead?: string;
  readonly text: string;
}

export interface TextBox extends Box {
  /** Points. */
  readonly size: number;
  readonly weight: Weight;
  /** Inches that a bullet or number takes from the line. */
  readonly indent: number;
  readonly paragraphs: readonly Paragraph[];
}

export interface SlideLayout {
  readonly master: MasterName;
  readonly title: TextBox;
  readonly body?: TextBox;
  readonly picture?: Box;
}

/** An upper bound of Arial's line height, which is 1.15 of its size; office programs differ a little. */
const LINE = 1.2;
/** Space after a paragraph, of its size. */
export const PARAGRAPH_GAP = 0.55;
/** Inches between a bullet's mark and its text; the mark stands at the box's edge. */
export const BULLET_INDENT = 0.32;
const NUMBER_INDENT = 0.5;
/** Rounding to EMU and hundredths of a point. */
const SLACK = 0.5;

/** Points, largest first; the last one is the least that reads well from the back row. */
export const TITLE_SIZES = [36, 34, 32, 30, 28] as const;
export const BODY_SIZES = [24, 22, 20, 18, 16] as const;
const OPENING_SIZES = [48, 44, 40, 36, 32, 28] as const;
const SUBTITLE_SIZES = [22, 20, 18, 16] as const;

interface Frame extends Box {
  readonly weight: Weight;
  readonly indent: number;
}

const BOLD_LEAD: Weight = 'bold';

const widthOf = (frame: Frame): number => (frame.w - frame.indent) * POINTS_PER_INCH - SLACK;

function linesOf({ lead, text }: Paragraph, frame: Frame, size: number, metrics: Metrics): number {
  const count = (part: string, weight: Weight) =>
    wrap(part, { size, weight }, widthOf(frame), metrics).length;
  return (lead === undefined ? 0 : count(lead, BOLD_LEAD)) + count(text, frame.weight);
}

/** Points that the paragraphs take, counted generously. */
export function heightOf(
  paragraphs: readonly Paragraph[],
  frame: Frame,
  size: number,
  metrics: Metrics,
): number {
  const lines = paragraphs.reduce((sum, one) => sum + linesOf(one, frame, size, metrics), 0);
  return lines * LINE * size + Math.max(0, paragraphs.length - 1) * PARAGRAPH_GAP * size;
}

const fitsAt = (paragraphs: readonly Paragraph[], frame: Frame, size: number, metrics: Metrics): boolean =>
  heightOf(paragraphs, frame, size, metrics) <= frame.h * POINTS_PER_INCH - SLACK;

/** Takes lines from the longest paragraphs, then whole paragraphs from the end, until the rest fits. */
function shorten(
  paragraphs: readonly Paragraph[],
  frame: Frame,
  size: number,
  metrics: Metrics,
): Paragraph[] {
  const kept = [...paragraphs];
  while (!fitsAt(kept, frame, size, metrics)) {
    const lines = kept.map((one) => linesOf(one, frame, size, metrics));
    const longest = Math.max(...lines);
    const least = kept.length === 1 ? 1 : 2;
    if (longest <= least) kept.pop();
    else {
      const index = lines.lastIndexOf(longest);
      kept[index] = clipTo(longest - 1, kept[index]!, frame, size, metrics);
    }
  }
  return kept;
}

function clipTo(
  lines: number,
  { lead, text }: Paragraph,
  frame: Frame,
  size: number,
  metrics: Metrics,
): Paragraph {
  const fits = (one: Paragraph) => linesOf(one, frame, size, metrics) <= lines;
  const shorterText = clip(text, (shorter) => fits({ lead, text: shorter }));
  if (fits({ lead, text: shorterText })) return { lead, text: shorterText };
  // A lead of several lines leaves no room: the two become one.
  return { text: clip(`${lead ?? ''}: ${text}`, (shorter) => fits({ text: shorter })) };
}

function fitText(
  paragraphs: readonly Paragraph[],
  frame: Frame,
  sizes: readonly number[],
  metrics: Metrics,
): TextBox {
  const least = sizes.at(-1)!;
  const size = sizes.find((one) => fitsAt(paragraphs, frame, one, metrics)) ?? least;
  const style: TextStyle = { size, weight: frame.weight };
  const kept = shorten(paragraphs, frame, size, metrics).map(({ lead, text }) => ({
    ...(lead !== undefined && { lead }),
    text: withoutOrphan(text, style, widthOf(frame), metrics),
  }));
  return { ...frame, size, paragraphs: kept };
}

const LEAD = /^(.{1,60}?) — (.+)$/su;

/** `Term — definition`, as key-term slides write their bullets. */
export function paragraphOf(bullet: string): Paragraph {
  const [, lead, text] = LEAD.exec(bullet) ?? [];
  return lead && text ? { lead, text } : { text: bullet };
}

export function masterOf(slide: Slide): MasterName {
  if (slide.layout === 'title') return 'opening';
  if (slide.layout === 'recap') return 'recap';
  return slide.picture ? 'picture' : 'text';
}

const bodyFrame = (master: MasterName): Frame => ({
  ...MASTERS[master].body,
  weight: 'regular',
  indent: { opening: 0, picture: BULLET_INDENT, text: BULLET_INDENT, recap: NUMBER_INDENT }[master],
});

function bodyOf(slide: Slide): readonly Paragraph[] {
  if (slide.layout === 'title') return slide.subtitle ? [{ text: slide.subtitle }] : [];
  return slide.bullets.map(paragraphOf);
}

/** Whether the body fits at this size or above without being shortened. */
export const bodyFits = (slide: Slide, size: number, metrics: Metrics): boolean =>
  fitsAt(bodyOf(slide), bodyFrame(masterOf(slide)), size, metrics);

/** Total: what is too long for the smallest size ends in an ellipsis; `fitDeck` splits such slides before. */
export function layoutSlide(slide: Slide, metrics: Metrics): SlideLayout {
  const master = masterOf(slide);
  const boxes = MASTERS[master];
  const opening = master === 'opening';
  const heading: Frame = { ...boxes.title, weight: 'bold', indent: 0 };
  const title = fitText([{ text: slide.title }], heading, opening ? OPENING_SIZES : TITLE_SIZES, metrics);
  const paragraphs = bodyOf(slide);
  return {
    master,
    title,
    ...(paragraphs.length > 0 && {
      body: fitText(paragraphs, bodyFrame(master), opening ? SUBTITLE_SIZES : BODY_SIZES, metrics),
    }),
    ...('picture' in boxes && { picture: boxes.picture }),
  };
}

/** Lays out a deck with one title size for all content slides, so that headings do not jump. */
export function layoutDeck(slides: readonly Slide[], metrics: Metrics): SlideLayout[] {
  const layouts = slides.map((slide) => layoutSlide(slide, metrics));
  const headings = layouts.filter(({ master }) => master === 'picture' || master === 'text');
  const size = Math.min(...headings.map(({ title }) => title.size));
  return layouts.map((layout) =>
    headings.includes(layout) ? { ...layout, title: { ...layout.title, size } } : layout,
  );
}
