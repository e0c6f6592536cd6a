/** Which master a slide takes, and where and how large its texts stand on it. */
import type { Slide } from '../../domain/deck';
import { type Box, type MasterName, MASTERS } from './boxes';
import type { Metrics } from './metrics';
import { fitsAt, fitText, type Frame, type Paragraph, type TextBox } from './text-box';

export interface SlideLayout {
  readonly master: MasterName;
  readonly title: TextBox;
  readonly body?: TextBox;
  readonly picture?: Box;
}

/** Inches between a bullet's mark and its text; the mark stands at the box's edge. */
const BULLET_INDENT = 0.32;
const NUMBER_INDENT = 0.5;

/** Points, largest first; the last one is the least that reads well from the back row. */
export const TITLE_SIZES = [36, 34, 32, 30, 28] as const;
export const BODY_SIZES = [24, 22, 20, 18, 16] as const;
const OPENING_SIZES = [48, 44, 40, 36, 32, 28] as const;
const SUBTITLE_SIZES = [22, 20, 18, 16] as const;

const LEAD = /^(.{1,60}?) — (.+)$/su;

/** `Term — definition`, as key-term slides write their bullets. */
export function paragraphOf(bullet: string): Paragraph {
  const [, lead, text] = LEAD.exec(bullet) ?? [];
  return lead && text ? { lead, text } : { text: bullet };
}

/** `Photosynthesis: how plants turn light into food` breaks after its colon on the opening slide. */
function headingOf({ title, layout }: Slide): Paragraph {
  const [, lead, text] = (layout === 'title' && /^(.{3,40}?:) (.+)$/su.exec(title)) || [];
  return lead && text ? { lead, text } : { text: title };
}

export function masterOf(slide: Slide): MasterName {
  if (slide.layout === 'title') return 'opening';
  if (slide.layout === 'recap') return 'recap';
  return slide.picture ? 'picture' : 'text';
}

const INDENT: { readonly [Name in MasterName]: number } = {
  opening: 0,
  picture: BULLET_INDENT,
  text: BULLET_INDENT,
  recap: NUMBER_INDENT,
};

/** Leads mark their paragraphs well enough without bullets. */
const bodyFrame = (master: MasterName, paragraphs: readonly Paragraph[]): Frame => ({
  ...MASTERS[master].body,
  weight: 'regular',
  indent: paragraphs.every(({ lead }) => lead !== undefined) ? 0 : INDENT[master],
});

function bodyOf(slide: Slide): readonly Paragraph[] {
  if (slide.layout === 'title') return slide.subtitle ? [{ text: slide.subtitle }] : [];
  return slide.bullets.map(paragraphOf);
}

/** Whether the body fits at this size or above without being shortened. */
export function bodyFits(slide: Slide, size: number, metrics: Metrics): boolean {
  const paragraphs = bodyOf(slide);
  return fitsAt(paragraphs, bodyFrame(masterOf(slide), paragraphs), size, metrics);
}

/** Largest sizes for a slide's texts, for slides that shall look alike. */
interface Limits {
  readonly title?: number;
  readonly body?: number;
}

const upTo = (sizes: readonly number[], limit = Infinity): readonly number[] => {
  const allowed = sizes.filter((size) => size <= limit);
  return allowed.length > 0 ? allowed : sizes.slice(-1);
};

/** Total: what is too long for the smallest size ends in an ellipsis; `fitDeck` splits such slides before. */
export function layoutSlide(slide: Slide, metrics: Metrics, limits: Limits = {}): SlideLayout {
  const master = masterOf(slide);
  const boxes = MASTERS[master];
  const [titleSizes, bodySizes] =
    master === 'opening' ? [OPENING_SIZES, SUBTITLE_SIZES] : [TITLE_SIZES, BODY_SIZES];
  const heading: Frame = { ...boxes.title, weight: 'bold', indent: 0 };
  const title = fitText([headingOf(slide)], heading, upTo(titleSizes, limits.title), metrics);
  const paragraphs = bodyOf(slide);
  const frame = bodyFrame(master, paragraphs);
  return {
    master,
    title,
    ...(paragraphs.length > 0 && {
      body: fitText(paragraphs, frame, upTo(bodySizes, limits.body), metrics),
    }),
    ...('picture' in boxes && { picture: boxes.picture }),
  };
}

/** One dense slide shall not make all the others small. */
const LEAST_COMMON_SIZE = 22;

/** Lays out a deck whose like slides share their sizes, so that nothing jumps from slide to slide. */
export function layoutDeck(slides: readonly Slide[], metrics: Metrics): SlideLayout[] {
  const content = slides.filter(({ layout }) => layout === 'content');
  const alone = content.map((slide) => layoutSlide(slide, metrics));
  const title = Math.min(...alone.map((one) => one.title.size));
  const bodies = alone.flatMap(({ master, body }) => (master === 'picture' && body ? [body.size] : []));
  const body = Math.max(LEAST_COMMON_SIZE, Math.min(...bodies));
  return slides.map((slide) => {
    if (slide.layout !== 'content') return layoutSlide(slide, metrics);
    return layoutSlide(slide, metrics, slide.picture ? { title, body } : { title });
  });
}
