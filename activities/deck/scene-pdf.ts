/** Scenes as PDF: a page per slide, text that can be selected and read aloud, equal bytes for equal slides. */
import PDFDocument from 'pdfkit';
import { type Box, PAGE, POINTS_PER_INCH } from './boxes';
import type { FontFiles } from './metrics';
import { oneLine } from './one-line';
import { createFontChoice, type FontChoice } from './pdf-fonts';
import type { PaintedImage, PaintedShape, Primitive, Scene } from './scene';
import type { Line, TextBlock } from './scene-text';

type Pdf = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

export interface PdfInput {
  readonly scenes: readonly Scene[];
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly fonts: FontFiles;
  readonly signal?: AbortSignal;
}

const PRODUCER = 'Little Monster';
/** pdfkit needs one, and makes the document's identity from it: no clock, so that equal slides are equal bytes. */
const NO_DATE = new Date(0);
const SIZE = [PAGE.w * POINTS_PER_INCH, PAGE.h * POINTS_PER_INCH];

const points = ({ x, y, w, h }: Box): Box => ({
  x: x * POINTS_PER_INCH,
  y: y * POINTS_PER_INCH,
  w: w * POINTS_PER_INCH,
  h: h * POINTS_PER_INCH,
});

/** A page while it is written. */
interface Page {
  readonly pdf: Pdf;
  readonly section: Element;
  readonly choice: FontChoice;
}

function newDocument({ title, language }: PdfInput): Pdf {
  const info = { Title: oneLine(title), Creator: PRODUCER, Producer: PRODUCER, CreationDate: NO_DATE };
  return new PDFDocument({
    ...{ size: SIZE, margin: 0, autoFirstPage: false, info },
    ...{ pdfVersion: '1.7', tagged: true, lang: language, displayTitle: true },
  });
}

/** Decoration and what stands on every page, which a voice that reads the page leaves out. */
function asArtifact({ pdf }: Page, draw: () => void): void {
  pdf.markContent('Artifact', { type: 'Layout' });
  draw();
  pdf.endMarkedContent();
}

function asElement({ pdf }: Page, parent: Element, tag: string, draw: () => void, alt?: string): void {
  const content = pdf.markStructureContent(tag);
  draw();
  pdf.endMarkedContent();
  parent.add(pdf.struct(tag, alt === undefined ? {} : { alt }, content));
}

function drawShape({ pdf }: Page, { shape, box, color, opacity }: PaintedShape): void {
  const { x, y, w, h } = points(box);
  const path = shape === 'rect' ? pdf.rect(x, y, w, h) : pdf.ellipse(x + w / 2, y + h / 2, w / 2, h / 2);
  path.fillOpacity(opacity).fill(`#${color}`);
  pdf.fillOpacity(1);
}

/** Each stretch of a line in the font that has its characters. */
function drawLine({ pdf, choice }: Page, { text, x, baseline, size, weight, color }: Line): void {
  let at = x * POINTS_PER_INCH;
  for (const run of choice.runs(text, weight)) {
    if (run.font !== undefined) {
      pdf.font(run.font).fontSize(size).fillColor(`#${color}`);
      pdf.text(run.text, at, baseline * POINTS_PER_INCH, { lineBreak: false, baseline: 'alphabetic' });
    }
    at += run.font === undefined ? Array.from(run.text).length * size : pdf.widthOfString(run.text);
  }
}

/** A space that nobody sees keeps the last word of a line from the next line's first. */
function drawLines(page: Page, lines: readonly Line[]): void {
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1 || line.text.endsWith('-');
    drawLine(page, isLast ? line : { ...line, text: `${line.text} ` });
  });
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** pdfkit parts a picture from its transparency beside the main thread, and pictures would finish in any order. */
async function drawImage(page: Page, { box, data, alt }: PaintedImage): Promise<void> {
  const pdf = page.pdf as Pdf & { openImage(data: Uint8Array): { readonly image?: unknown } };
  const { x, y, w, h } = points(box);
  const opened = pdf.openImage(data);
  const draw = () => void pdf.image(opened as never, x, y, { width: w, height: h });
  asElement(page, page.section, 'Figure', draw, alt);
  while (opened.image) await nextTurn();
}

function drawItem(page: Page, list: Element, { lines: [mark, ...text] }: TextBlock): void {
  const item = page.pdf.struct('LI');
  list.add(item);
  if (mark) asElement(page, item, 'Lbl', () => drawLine(page, mark));
  asElement(page, item, 'LBody', () => drawLines(page, text));
  item.end();
}

const TAGS = { title: 'H1', paragraph: 'P', credit: 'Caption' } as const;

/** Items that follow one another are one list. */
function drawText(page: Page, block: TextBlock, list: Element | undefined): Element | undefined {
  const { role, lines } = block;
  if (role === 'item') {
    const current = list ?? page.pdf.struct('L');
    if (!list) page.section.add(current);
    drawItem(page, current, block);
    return current;
  }
  list?.end();
  if (role === 'margin') asArtifact(page, () => drawLines(page, lines));
  else asElement(page, page.section, TAGS[role], () => drawLines(page, lines));
  return undefined;
}

async function drawPrimitives(page: Page, primitives: readonly Primitive[]): Promise<void> {
  let list: Element | undefined;
  for (const one of primitives) {
    if (one.kind === 'shape') asArtifact(page, () => drawShape(page, one));
    else if (one.kind === 'image') await drawImage(page, one);
    else list = drawText(page, one, list);
  }
  list?.end();
}

async function addPage(pdf: Pdf, document: Element, choice: FontChoice, scene: Scene): Promise<void> {
  pdf.addPage();
  pdf.outline.addItem(scene.title, { fit: true } as object);
  const section = pdf.struct('Sect', { title: scene.title });
  document.add(section);
  const page: Page = { pdf, section, choice };
  const background: PaintedShape = {
    ...{ kind: 'shape', shape: 'rect', box: { x: 0, y: 0, ...PAGE }, color: scene.background, opacity: 1 },
  };
  await drawPrimitives(page, [background, ...scene.primitives]);
  section.end();
}

/** Registers with `pdf` only the fonts that its text needs. */
const fontsOf = (pdf: Pdf, fonts: FontFiles): FontChoice =>
  createFontChoice(fonts, (name, file) => {
    pdf.registerFont(name, file);
  });

export async function scenePdf(input: PdfInput): Promise<Uint8Array> {
  const pdf = newDocument(input);
  const chunks: Buffer[] = [];
  const written = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', resolve).on('error', reject);
  });
  const document = pdf.struct('Document');
  pdf.addStructure(document);
  const choice = fontsOf(pdf, input.fonts);
  for (const scene of input.scenes) {
    input.signal?.throwIfAborted();
    await addPage(pdf, document, choice, scene);
    await nextTurn();
  }
  document.end();
  pdf.end();
  await written;
  return Buffer.concat(chunks);
}
