/** The title of a lecture and those of its sections. */
import { keyPhrases, type Phrase } from '../text/phrases';
import { announcedTitle, openingWords, phraseTitle, sectionTitle, uniqueTitle } from '../text/titles';
import type { Section } from '../text/topics';
import { speaksEnglish } from '../text/words';
import type { Candidate } from './choice';

/** Sentences in which a speaker says what the lecture is about. */
const OPENING = 12;

export function lectureTitle(texts: readonly string[], language: string): string {
  if (!speaksEnglish(language)) return openingWords(texts[0] ?? '');
  return (
    announcedTitle(texts.slice(0, OPENING)) ??
    (phraseTitle(keyPhrases(texts)) || openingWords(texts[0] ?? ''))
  );
}

export interface Headings {
  readonly texts: readonly string[];
  readonly sections: readonly Section[];
  readonly language: string;
  /** The lecture's. */
  readonly title: string;
  /** The best sentence of each section. */
  readonly leads: readonly (Candidate | undefined)[];
}

export function sectionTitles({ texts, sections, language, title, leads }: Headings): string[] {
  const parts = sections.map(({ start, end }) => texts.slice(start, end));
  const phrases = speaksEnglish(language) ? characteristic(parts) : parts.map(() => []);
  const taken = new Set<string>();
  return parts.map((sentences, at) => {
    const theme = { sentences, phrases: phrases[at]!, isFirst: at === 0 && parts.length > 1 };
    const named = speaksEnglish(language) ? sectionTitle(theme, title) : '';
    const lead = texts[leads[at]?.index ?? sections[at]!.start] ?? '';
    const unique = uniqueTitle(named || openingWords(lead), taken, theme.phrases);
    taken.add(unique);
    return unique;
  });
}

/** Per section its phrases, first those that the other sections lack. */
function characteristic(parts: readonly (readonly string[])[]): Phrase[][] {
  const perPart = parts.map(keyPhrases);
  const spread = new Map<string, number>();
  for (const { key } of perPart.flat()) spread.set(key, (spread.get(key) ?? 0) + 1);
  const rarity = (key: string) => Math.log(1 + parts.length / spread.get(key)!);
  return perPart.map((phrases) =>
    phrases
      .map((phrase) => ({ ...phrase, score: phrase.score * rarity(phrase.key) }))
      .sort((a, b) => b.score - a.score),
  );
}
