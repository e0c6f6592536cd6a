/** The lecture's sections: where they begin, what they do, what they are called. */
import { keyPhrases, type Phrase } from '../text/phrases';
import { announces, partOf, type Part } from '../text/speech';
import {
  announcedTitle,
  openingWords,
  phraseTitle,
  sectionTitle,
  titleCase,
  uniqueTitle,
} from '../text/titles';
import { cutIntoSections, type Section } from '../text/topics';
import { countWords, speaksEnglish } from '../text/words';
import type { Statement } from './statements';

export interface LectureSection extends Section {
  readonly part: Part;
}

export function sectionsOf(
  statements: readonly Statement[],
  vectors: readonly Float32Array[],
  language: string,
): LectureSection[] {
  const cues = statements.map(({ said, isHeading }) => (isHeading ? 1 : announces(said, language)));
  const sections = cutIntoSections({ vectors, cues, sections: sectionRange(statements) });
  return sections.map((section, at) => {
    const opening = statements.slice(section.start, section.start + 2).map(({ said }) => said);
    const part = partOf(opening, language);
    const opensLecture = part === 'body' && at === 0 && sections.length > 1;
    return { ...section, part: opensLecture ? 'introduction' : part };
  });
}

/** Sections of 60 to 180 words; an outline of more than twelve is none. */
function sectionRange(statements: readonly Statement[]): { least: number; most: number } {
  const words = statements.reduce((sum, { text }) => sum + countWords(text), 0);
  const upTo = (most: number, wordsEach: number) =>
    Math.min(most, Math.max(1, Math.round(words / wordsEach)));
  return { least: upTo(7, 180), most: upTo(12, 60) };
}

/** Sentences in which a speaker says what the lecture is about. */
const OPENING = 12;

/** Empty where its words do not tell. */
export function lectureTitle(statements: readonly Statement[], language: string): string {
  if (statements[0]?.isHeading) return statements[0].said;
  if (!speaksEnglish(language)) return '';
  const said = statements.map((statement) => statement.said);
  return announcedTitle(said.slice(0, OPENING)) ?? phraseTitle(keyPhrases(said));
}

export interface Headings {
  readonly statements: readonly Statement[];
  readonly sections: readonly LectureSection[];
  readonly language: string;
  /** The lecture's. */
  readonly title: string;
  /** The best sentence of each section. */
  readonly leads: readonly string[];
}

export function sectionTitles({ statements, sections, language, title, leads }: Headings): string[] {
  const said = sections.map(({ start, end }) => statements.slice(start, end).map((one) => one.said));
  const phrases = speaksEnglish(language) ? characteristic(said) : said.map(() => []);
  const taken = new Set<string>();
  return sections.map(({ part, start }, at) => {
    const { isHeading, said: heading } = statements[start]!;
    const theme = { sentences: said[at]!, phrases: phrases[at]!, part };
    const isNamed = isHeading && heading !== title;
    const named = isNamed ? heading : speaksEnglish(language) && sectionTitle(theme, title);
    const unique = uniqueTitle(named || leadTitle(leads[at]!, language), taken, theme.phrases);
    taken.add(unique);
    return unique;
  });
}

export function leadTitle(sentence: string, language: string): string {
  const words = openingWords(sentence);
  return speaksEnglish(language) ? titleCase(words) : words;
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
