/** Sets text boxes as placed lines, as office programs do. */
import type { Theme } from '../../domain/deck';
import { type Box, POINTS_PER_INCH } from './boxes';
import { LEAD_COLOR, type TextLook } from './looks';
import type { Metrics, TextStyle } from './metrics';
import { oneLine } from './one-line';
import { LINE, lineWidth, PARAGRAPH_GAP, type Paragraph, type TextBox } from './text-box';
import { clip, wrap } from './wrap';

/** Inches; type in points. */
export interface Line extends TextStyle {
  readonly text: string;
  readonly x: number;
  readonly baseline: number;
  /** Six digits of RGB. */
  readonly color: string;
}

/** A title, a paragraph, a paragraph with a mark, a picture's credit, or the small print in the page's margin. */
export interface TextBlock {
  readonly kind: 'text';
  readonly role: 'title' | 'paragraph' | 'item' | 'credit' | 'margin';
  /** In reading order; an item's first line is its mark. */
  readonly lines: readonly Line[];
}

/** From a line's top to its baseline, of the size, as LibreOffice sets Arial. */
const ASCENT = 0.993;

type Ink = Pick<Line, 'weight' | 'color'>;

interface Part extends Ink {
  readonly text: string;
}

/** A paragraph's lines before they have their place. */
function partsOf({ lead, text }: Paragraph, box: TextBox, inks: { lead: Ink; text: Ink }, metrics: Metrics) {
  const lines = (words: string, ink: Ink): Part[] =>
    wrap(oneLine(words), { size: box.size, weight: ink.weight }, lineWidth(box), metrics).map((line) => ({
      ...ink,
      text: line,
    }));
  return [...(lead === undefined ? [] : lines(lead, inks.lead)), ...lines(text, inks.text)];
}

/** Inches from the page's top to the text's. */
function topOf(paragraphs: readonly Part[][], { y, h, size }: TextBox, valign: TextLook['valign']): number {
  const gaps = Math.max(0, paragraphs.length - 1) * PARAGRAPH_GAP;
  const height = ((paragraphs.flat().length * LINE + gaps) * size) / POINTS_PER_INCH;
  if (valign === 'top') return y;
  return valign === 'bottom' ? y + h - height : y + (h - height) / 2;
}

/** Lays the paragraphs one under another; the space after each is as PowerPoint's. */
function place(paragraphs: readonly Part[][], box: TextBox, valign: TextLook['valign']): Line[][] {
  const em = box.size / POINTS_PER_INCH;
  let y = topOf(paragraphs, box, valign);
  return paragraphs.map((parts) => {
    const lines = parts.map((part, index) => ({
      ...part,
      ...{ size: box.size, x: box.x + box.indent, baseline: y + (index * LINE + ASCENT) * em },
    }));
    y += (parts.length * LINE + PARAGRAPH_GAP) * em;
    return lines;
  });
}

/** A slide's heading; what stands before its colon may be a line of its own. */
export function titleBlock(box: TextBox, look: TextLook, theme: Theme, metrics: Metrics): TextBlock {
  const ink: Ink = { weight: 'bold', color: theme[look.color] };
  const parts = box.paragraphs.flatMap((one) => partsOf(one, box, { lead: ink, text: ink }, metrics));
  return { kind: 'text', role: 'title', lines: place([parts], box, look.valign).flat() };
}

/** A mark looks like the first words of its paragraph. */
function withMark(lines: readonly Line[], mark: string, { x }: Box): TextBlock {
  const [first] = lines;
  return { kind: 'text', role: 'item', lines: first ? [{ ...first, text: mark, x }, ...lines] : [] };
}

export function bodyBlocks(
  box: TextBox,
  look: TextLook & { readonly isNumbered: boolean },
  theme: Theme,
  metrics: Metrics,
): TextBlock[] {
  const inks = {
    lead: { weight: 'bold', color: theme[LEAD_COLOR] },
    text: { weight: box.weight, color: theme[look.color] },
  } as const;
  const parts = box.paragraphs.map((one) => partsOf(one, box, inks, metrics));
  return place(parts, box, look.valign).map((lines, index) =>
    box.indent > 0
      ? withMark(lines, look.isNumbered ? `${index + 1}.` : '•', box)
      : { kind: 'text', role: 'paragraph', lines },
  );
}

export interface SmallPrint {
  readonly role: 'credit' | 'margin';
  readonly size: number;
  readonly color: string;
  readonly align: 'start' | 'end';
}

/** One line in the middle of its box's height, shortened to its width. */
export function smallBlock(
  text: string,
  box: Box,
  { role, size, color, align }: SmallPrint,
  metrics: Metrics,
): TextBlock {
  const style: TextStyle = { size, weight: 'regular' };
  const width = box.w * POINTS_PER_INCH;
  const shown = clip(oneLine(text), (shorter) => metrics.width(shorter, style) <= width);
  const rest = (width - metrics.width(shown, style)) / POINTS_PER_INCH;
  const em = size / POINTS_PER_INCH;
  const x = box.x + (align === 'end' ? rest : 0);
  const baseline = box.y + box.h / 2 + (ASCENT - LINE / 2) * em;
  return { kind: 'text', role, lines: [{ ...style, text: shown, x, baseline, color }] };
}
