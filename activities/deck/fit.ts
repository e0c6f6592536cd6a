/** Splits slides that would have to be set too small into continuation slides. */
import type { Deck, Slide } from '../../domain/deck';
import { bodyFits } from './layout';
import type { Metrics } from './metrics';
import { sentencesOf } from './sentences';

/** Points; below it a slide with several bullets is split rather than shrunk. */
const COMFORTABLE = 18;
const MAX_BULLETS = 6;

const isCrowded = (slide: Slide, metrics: Metrics): boolean =>
  slide.layout !== 'title' &&
  slide.bullets.length > 1 &&
  (slide.bullets.length > MAX_BULLETS || !bodyFits(slide, COMFORTABLE, metrics));

/** The first half keeps id, title and picture; the notes go where their share of the bullets goes. */
function halve(slide: Slide, language: string): [Slide, Slide] {
  const half = Math.ceil(slide.bullets.length / 2);
  const sentences = sentencesOf(slide.notes, language);
  const spoken = Math.ceil((sentences.length * half) / slide.bullets.length);
  const { picture: _, ...rest } = slide;
  return [
    { ...slide, bullets: slide.bullets.slice(0, half), notes: sentences.slice(0, spoken).join(' ') },
    { ...rest, bullets: slide.bullets.slice(half), notes: sentences.slice(spoken).join(' ') },
  ];
}

function split(slide: Slide, language: string, metrics: Metrics): Slide[] {
  if (!isCrowded(slide, metrics)) return [slide];
  const [first, rest] = halve(slide, language);
  return [...split(first, language, metrics), ...split(rest, language, metrics)];
}

/** `Title (2)`, or the next number that no slide has. */
export function uniqueTitle(title: string, taken: ReadonlySet<string>): string {
  const base = title.replace(/ \(\d+\)$/, '');
  let free = title;
  for (let number = 2; taken.has(free); number++) free = `${base} (${number})`;
  return free;
}

/** A deck whose slides fit at a comfortable size; ids of existing slides stay, so pictures keep their place. */
export function fitDeck(deck: Deck, metrics: Metrics): Deck {
  const titles = new Set(deck.slides.map(({ title }) => title));
  const parts = new Map<string, string[]>();
  const slides = deck.slides.flatMap((slide) =>
    split(slide, deck.language, metrics).map((part, index) => {
      const id = index === 0 ? slide.id : `${slide.id}-${index + 1}`;
      const title = index === 0 ? slide.title : uniqueTitle(slide.title, titles);
      titles.add(title);
      parts.set(slide.id, [...(parts.get(slide.id) ?? []), id]);
      return { ...part, id, title };
    }),
  );
  const sections = deck.sections.map((section) => ({
    ...section,
    slide_ids: section.slide_ids.flatMap((id) => parts.get(id) ?? []),
  }));
  return { ...deck, sections, slides };
}
