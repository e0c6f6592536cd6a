/** A deck's last slides: the key terms and the recap. */
import type { Summary } from '../../domain/summary';
import { bulletsOf, type Draft, type DraftSection, MOST_BULLETS, type Plan } from './draft';
import { escapeRegExp } from './labels';
import { listIn, phrasesIn } from './phrases';
import { asSentence, balanced, capitalise, sentencesOf } from './sentences';
import { shortPhrase } from './shorten';

const MOST_TERMS = 4;

type Term = Summary['key_terms'][number];

/** A definition that is no sentence of its own is told as one. */
function tellTerm({ term, definition }: Term, language: string): string[] {
  const sentences = sentencesOf(definition, language);
  const namesIt = new RegExp(`^(?:an?\\s|the\\s)?${escapeRegExp(term)}`, 'iu').test(definition);
  if (sentences.length > 1 || namesIt) return sentences;
  const isNoun = language.startsWith('en') && /^(?:an?|the)\s/iu.test(definition);
  return [isNoun ? `${term} is ${definition}` : `${term}: ${definition}`];
}

/** `Osmosis is the movement of water` defines osmosis as `the movement of water`. */
function meaningOf({ term, definition }: Term): string {
  const naming = `^(?:an?\\s|the\\s)?${escapeRegExp(term)}\\s+(?:is|are|means|refers to)\\s+`;
  return definition.replace(new RegExp(naming, 'iu'), '');
}

function termsSlide({ summary: { language }, narrator }: Plan, group: readonly Term[]): Draft {
  const { keyTerms: title, termsAre } = phrasesIn(language);
  const names = group.map(({ term }) => term);
  const told = narrator.untold(group.flatMap((term) => tellTerm(term, language)));
  const opening = names.length > 1 || told.length === 0 ? [termsAre(listIn(language, names))] : [];
  return {
    ...{ layout: 'content', title, notes: [...opening, ...told].join(' ') },
    bullets: group.map((one) => `${capitalise(one.term)} — ${shortPhrase(meaningOf(one), language)}`),
    passages: [...new Set(group.flatMap((term) => term.passages))],
  };
}

export function terms(plan: Plan): DraftSection[] {
  const { language, key_terms } = plan.summary;
  const defined = key_terms.filter(({ definition }) => definition.trim() !== '');
  const slides = balanced(defined, MOST_TERMS).map((group) => termsSlide(plan, group));
  return slides.length > 0 ? [{ title: phrasesIn(language).keyTerms, slides }] : [];
}

/** `First, plants …`: the points once more, in the bullets' shorter words. */
function recapNotes(bullets: readonly string[], { summary, within }: Plan): string {
  const { recapOpening, ordinals } = phrasesIn(summary.language);
  const points = bullets.map((bullet, index) => asSentence(`${ordinals[index]}, ${within(bullet)}`));
  return [recapOpening, ...points].join(' ');
}

export function recap(plan: Plan): DraftSection[] {
  const { language, key_points } = plan.summary;
  const title = phrasesIn(language).recap;
  const slides = balanced(bulletsOf(key_points, language), MOST_BULLETS).map((said): Draft => {
    const bullets = said.map(({ bullet }) => bullet);
    const passages = [...new Set(said.flatMap(({ point }) => point.passages))];
    return { layout: 'recap', title, bullets, notes: recapNotes(bullets, plan), passages };
  });
  return slides.length > 0 ? [{ title, slides }] : [];
}
