/** From a summary to a deck: what each slide shows, what is said to it, and where that comes from. */
import type { Deck, Slide, Theme } from '../../domain/deck';
import type { Passage } from '../../domain/passage';
import type { Summary } from '../../domain/summary';
import { recap, terms } from './closing';
import { bulletsOf, type Draft, type DraftSection, MOST_BULLETS, type Plan, type Said } from './draft';
import { uniqueTitle } from './fit';
import { createNarrator, MOST_WORDS } from './narrate';
import { listIn, phrasesIn } from './phrases';
import { pictureFor } from './picture';
import { asSentence, balanced, countWords, isChatter, lowerWithin, sentencesOf } from './sentences';
import { shortPhrase } from './shorten';
import { LIGHT } from './themes';

/** So many points to a slide that it is neither full nor spoken for too long. */
function slidesOf(said: readonly Said[]): Said[][] {
  const words = said.reduce((sum, { point }) => sum + countWords(point.text), 0);
  const bySpeech = Math.max(2, Math.floor(said.length / Math.ceil(words / MOST_WORDS)));
  return balanced(said, Math.min(MOST_BULLETS, bySpeech));
}

const sectionTitles = ({ summary }: Plan): string[] =>
  summary.outline.filter(({ points }) => points.length > 0).map(({ title }) => title.trim());

function opening(plan: Plan): DraftSection {
  const { title, abstract, language, outline } = plan.summary;
  const phrases = phrasesIn(language);
  const sentences = sentencesOf(abstract, language);
  const agenda = sectionTitles(plan).map(plan.within);
  const notes = [
    phrases.welcome(plan.within(title)),
    ...plan.narrator.untold(sentences),
    ...(agenda.length > 1 ? [phrases.agenda(listIn(language, agenda))] : []),
  ].join(' ');
  const first = sentences.find((sentence) => !isChatter(sentence)) ?? sentences[0];
  const subtitle = first && asSentence(shortPhrase(first, language));
  const passages = [...new Set(outline.flatMap((section) => section.passages))];
  return { title, slides: [{ layout: 'title', title, subtitle, bullets: [], notes, passages }] };
}

function contentSlide({ summary, narrator }: Plan, title: string, said: readonly Said[]): Draft {
  const { text: notes, passages } = narrator.tell(said.map(({ point }) => point));
  const bullets = said.map(({ bullet }) => bullet);
  const picture = pictureFor({
    ...{ title, bullets, topic: summary.title, language: summary.language },
    sentences: said.map(({ point }) => point.text),
    terms: summary.key_terms.map(({ term }) => term),
  });
  return { layout: 'content', title, bullets, picture, notes, passages: [...passages] };
}

function outlineSections(plan: Plan): DraftSection[] {
  return plan.summary.outline.flatMap(({ title, points }) => {
    const groups = slidesOf(bulletsOf(points, plan.summary.language));
    const slides = groups.map((said) => contentSlide(plan, title.trim(), said));
    return slides.length > 0 ? [{ title: title.trim(), slides }] : [];
  });
}

/** A summary without an outline still has its abstract. */
function overview(plan: Plan): DraftSection[] {
  const { abstract, language, outline, key_points } = plan.summary;
  const sentences = sentencesOf(abstract, language);
  if (outline.length > 0 || key_points.length > 0 || sentences.length < 2) return [];
  const title = phrasesIn(language).overview;
  const slides = balanced(sentences, MOST_BULLETS).map((group): Draft => {
    const bullets = group.map((sentence) => shortPhrase(sentence, language));
    return { layout: 'content', title, bullets, notes: plan.narrator.untold(group).join(' '), passages: [] };
  });
  return [{ title, slides }];
}

/** Ids in order, and titles that no other slide has. */
function numbered(sections: readonly DraftSection[]): Pick<Deck, 'sections' | 'slides'> {
  const titles = new Set<string>();
  const slides: Slide[] = [];
  const named = sections.map(({ title, slides: drafts }) => {
    const slide_ids = drafts.map((draft) => {
      const slide = { id: `s${slides.length + 1}`, ...draft, title: uniqueTitle(draft.title, titles) };
      titles.add(slide.title);
      slides.push(slide);
      return slide.id;
    });
    return { title, slide_ids };
  });
  return { sections: named, slides };
}

export function planDeck({
  summary,
  passages,
  theme = LIGHT,
}: {
  summary: Summary;
  passages: readonly Passage[];
  theme?: Theme;
}): Deck {
  const { title, language, provider, model, quality } = summary;
  const reserved = summary.outline.flatMap(({ points }) => points.map(({ text }) => text));
  const plan: Plan = {
    summary,
    narrator: createNarrator(passages, reserved, language),
    within: lowerWithin([...passages.map(({ text }) => text), ...reserved, summary.abstract]),
  };
  // The slides that rest on the source choose their sentences first; the opening tells what is left of the abstract.
  const content = [...outlineSections(plan), ...overview(plan)];
  const sections = [...content, ...terms(plan), ...recap(plan)];
  return {
    ...{ schema: 'deck/1', title, language, theme, provider, model, quality },
    ...numbered([opening(plan), ...sections]),
  };
}
