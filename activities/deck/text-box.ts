/** Text that fits its box: measured, set smaller within a range, then shortened at a word's or clause's end. */
import { type Box, POINTS_PER_INCH } from './boxes';
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

/** Of the size: how far apart PowerPoint and LibreOffice set Arial's lines. */
export const LINE = 1.2;
/** Space after a paragraph, of its size. */
export const PARAGRAPH_GAP = 0.55;
/** Rounding to EMU and hundredths of a point. */
const SLACK = 0.5;

/** A box before its text. */
export interface Frame extends Box {
  readonly weight: Weight;
  readonly indent: number;
}

const BOLD_LEAD: Weight = 'bold';

/** Points that a line may take. */
export const lineWidth = (frame: Pick<Frame, 'w' | 'indent'>): number =>
  (frame.w - frame.indent) * POINTS_PER_INCH - SLACK;

function linesOf({ lead, text }: Paragraph, frame: Frame, size: number, metrics: Metrics): number {
  const count = (part: string, weight: Weight) =>
    wrap(part, { size, weight }, lineWidth(frame), metrics).length;
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

export const fitsAt = (
  paragraphs: readonly Paragraph[],
  frame: Frame,
  size: number,
  metrics: Metrics,
): boolean => heightOf(paragraphs, frame, size, metrics) <= frame.h * POINTS_PER_INCH - SLACK;

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
  return { text: clip(`${lead?.replace(/:$/, '') ?? ''}: ${text}`, (shorter) => fits({ text: shorter })) };
}

/** Total: whatever the text, the result fits the frame. */
export function fitText(
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
    text: withoutOrphan(text, style, lineWidth(frame), metrics),
  }));
  return { ...frame, size, paragraphs: kept };
}
