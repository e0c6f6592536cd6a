/** The lecture's sections: where they begin, what they do, what they are called. */
import { keyPhrases, type Phrase } from '../text/phrases';
import { announces, partOf, type Part } from '../text/speech';
import type { KeyTerm } from '../text/terms';
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
  const cut = cutIntoSections({ vectors, cues, sections: sectionRange(statements) });
  const sections = joinEmpty(cut, statements);
  return sections.map((section, at) => {
    const opening = statements.slice(section.start, section.start + 2).map(({ said }) => said);
    const part = partOf(opening, language);
    const opensLecture = part === 'body' && at === 0 && sections.length > 1;
    return { ...section, part: opensLecture ? 'introduction' : part };
  });
}

/** Of the best sentence's fitness. */
const EMPTY = 0.4;

/** A stretch of greetings and questions says nothing: it opens the section after it. */
function joinEmpty(sections: readonly Section[], statements: readonly Statement[]): Section[] {
  const best = ({ start, end }: Section) =>
    Math.max(0, ...statements.slice(start, end).map(({ fitness }) => fitness));
  const bar = EMPTY * Math.max(0, ...sections.map(best));
  const joined: Section[] = [];
  let from = 0;
  for (const section of sections) {
    if (best(section) < bar) continue;
    joined.push({ start: from, end: section.end });
    from = section.end;
  }
  const last = joined.pop() ?? { start: 0, end: 0 };
  return [...joined, { ...last, end: statements.length }];
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

/** Mentions; what is said less often is not what the whole is about. */
const FREQUENT = 3;

/** Empty where its words do not tell. */
export function lectureTitle(statements: readonly Statement[], language: string): string {
  if (statements[0]?.isHeading) return statements[0].said;
  if (!speaksEnglish(language)) return '';
  const said = statements.map((statement) => statement.said);
  return announcedTitle(said.slice(0, OPENING)) ?? phraseTitle(keyPhrases(said), { least: FREQUENT });
}

export interface Headings {
  readonly statements: readonly Statement[];
  readonly sections: readonly LectureSection[];
  readonly terms: readonly KeyTerm[];
  readonly language: string;
  /** The lecture's. */
  readonly title: string;
  /** The best sentence of each section. */
  readonly leads: readonly string[];
}

export function sectionTitles(headings: Headings): string[] {
  const { statements, sections, terms, language, title, leads } = headings;
  if (sections.length === 1) return [title];
  const said = sections.map(({ start, end }) => statements.slice(start, end).map((one) => one.said));
  const phrases = speaksEnglish(language) ? characteristic(said) : said.map(() => []);
  const taken = new Set<string>();
  return sections.map(({ part, start, end }, at) => {
    const { isHeading, said: heading } = statements[start]!;
    const defined = terms.filter(({ sentence }) => sentence >= start && sentence < end);
    const theme = {
      ...{ sentences: said[at]!, phrases: phrases[at]!, part },
      terms: defined.map(({ term }) => term),
    };
    const isNamed = isHeading && heading !== title;
    const named = isNamed ? heading : speaksEnglish(language) && sectionTitle(theme, title);
    const unique = uniqueTitle(named || leadTitle(leads[at]!, language), taken, theme.phrases);
    taken.add(unique);
    return unique;
  });
}

/** Words that need another one, before a cut. */
const LOOSE_END =
  /(?:[\s,]+(?:a|an|the|of|in|on|at|to|by|as|for|from|with|and|or|but|that|which|who|your|our|their|its|is|are|was|were))+ …$/i;

/** Words of a clause that is a title as a whole. */
const CLAUSE = { least: 3, most: 9 };

/** How the sentence begins, up to its first comma where that is near. */
export function leadTitle(sentence: string, language: string): string {
  const words = openingWords(sentence);
  if (!speaksEnglish(language)) return words;
  const clause = sentence.split(/[,;:–.!?]/)[0]!;
  const count = countWords(clause);
  const isWhole = count >= CLAUSE.least && count <= CLAUSE.most && !SUBORDINATE.test(clause);
  return titleCase(isWhole ? clause : words.replace(LOOSE_END, ' …'));
}

/** The main clause follows. */
const SUBORDINATE = /^(?:when|if|as|because|after|before|while|since|although|once|in|at|on|for|to|with)\b/i;

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
