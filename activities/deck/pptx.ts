/** Writes a deck as PowerPoint with native, editable text; pure: bytes in, bytes out. */
import PptxGenJS from 'pptxgenjs';
import type { Deck, Slide } from '../../domain/deck';
import { type Box, contain, type MasterName, MASTERS } from './boxes';
import { finish } from './finish';
import { uniqueTitle } from './fit';
import { imageSize } from './image-size';
import { layoutDeck, type SlideLayout } from './layout';
import { creditBox, CREDIT_STYLE, footerOf, LEAD_COLOR } from './looks';
import { INK, masterProps, masterTitle, PAGE_LAYOUT } from './masters';
import { oneLine } from './one-line';
import { altOf, type DeckInput, type SlidePicture, withPictureOrWide } from './slide-picture';
import { PARAGRAPH_GAP, type Paragraph, type TextBox } from './text-box';

export type { SlidePicture };

type Run = PptxGenJS.TextProps;

/** In the document's properties. */
const PRODUCER = 'Little Monster';

/** Rounds to nothing; without it, or with 0, a paragraph takes a fifth of its size from pptxgenjs's master. */
const NO_SPACE = 0.001;

function titleRuns({ paragraphs, size }: TextBox): Run[] {
  return paragraphs.flatMap(({ lead, text }) => [
    ...(lead === undefined ? [] : [{ text: oneLine(lead), options: { fontSize: size } }]),
    { text: oneLine(text), options: { fontSize: size, softBreakBefore: lead !== undefined } },
  ]);
}

/** A lead is a line of its own within its paragraph. */
function paragraphRuns({ lead, text }: Paragraph, { size, indent }: TextBox, master: MasterName): Run[] {
  const mark = master === 'recap' ? ({ type: 'number' } as const) : {};
  const bullet = indent > 0 ? { ...mark, indent: indent * 72 } : false;
  const space = { paraSpaceBefore: NO_SPACE, paraSpaceAfter: size * PARAGRAPH_GAP };
  const paragraph = { fontSize: size, ...space, bullet };
  if (lead === undefined) return [{ text: oneLine(text), options: { ...paragraph, breakLine: true } }];
  return [
    { text: oneLine(lead), options: { ...paragraph, bold: true, color: INK[LEAD_COLOR] } },
    { text: oneLine(text), options: { fontSize: size, softBreakBefore: true, breakLine: true } },
  ];
}

const bodyRuns = (body: TextBox, master: MasterName): Run[] =>
  body.paragraphs.flatMap((paragraph) => paragraphRuns(paragraph, body, master));

function addPicture(page: PptxGenJS.Slide, slide: Slide, frame: Box, picture: SlidePicture): void {
  const { data, media_type, credit } = picture;
  const box = contain(imageSize(data), frame);
  page.addImage({
    ...box,
    data: `data:${media_type};base64,${Buffer.from(data).toString('base64')}`,
    altText: oneLine(altOf(slide)),
    objectName: 'Picture',
  });
  if (!credit) return;
  const { size, color } = CREDIT_STYLE;
  const style = { fontSize: size, color: INK[color], align: 'right', margin: 0 } as const;
  page.addText(oneLine(credit), { ...creditBox(box), ...style, objectName: 'Credit' });
}

function addSlide(
  pptx: PptxGenJS,
  slide: Slide,
  { master, title, body, picture }: SlideLayout,
  image: SlidePicture | undefined,
  section: string | undefined,
): void {
  const page = pptx.addSlide({ masterName: masterTitle(master), ...(section && { sectionTitle: section }) });
  page.addText(titleRuns(title), { placeholder: 'title', objectName: 'Title' });
  if (body) page.addText(bodyRuns(body, master), { placeholder: 'body', objectName: 'Body' });
  if (picture && image) addPicture(page, slide, picture, image);
  if (slide.notes) page.addNotes(oneLine(slide.notes));
}

/** By slide id the section's name; the names are unique, or slides would gather in the first of that name. */
function addSections(pptx: PptxGenJS, deck: Deck): Map<string, string> {
  const taken = new Set<string>();
  const sectionOf = new Map<string, string>();
  for (const section of deck.sections) {
    const title = uniqueTitle(oneLine(section.title), taken);
    taken.add(title);
    pptx.addSection({ title });
    for (const id of section.slide_ids) sectionOf.set(id, title);
  }
  return sectionOf;
}

export async function buildPptx({ deck, pictures, metrics }: DeckInput): Promise<Uint8Array> {
  const pptx = new PptxGenJS();
  pptx.defineLayout(PAGE_LAYOUT);
  pptx.layout = PAGE_LAYOUT.name;
  pptx.title = oneLine(deck.title);
  pptx.subject = '';
  pptx.author = PRODUCER;
  pptx.company = PRODUCER;
  pptx.theme = { headFontFace: deck.theme.font, bodyFontFace: deck.theme.font };

  const footer = footerOf(deck);
  for (const name of Object.keys(MASTERS) as MasterName[]) {
    pptx.defineSlideMaster(masterProps(name, deck.theme, footer));
  }
  const sectionOf = addSections(pptx, deck);

  const slides = deck.slides.map((slide) => withPictureOrWide(slide, pictures));
  const layouts = layoutDeck(slides, metrics);
  slides.forEach((slide, index) => {
    addSlide(pptx, slide, layouts[index]!, pictures.get(slide.id), sectionOf.get(slide.id));
  });
  const raw = (await pptx.write({ outputType: 'uint8array', compression: false })) as Uint8Array;
  return finish(raw, deck);
}
