/** A writer without a language model: it chooses among the lecture's own sentences and adds nothing to them. */
import type { Point, Summary } from '../../domain/summary';
import type { Call, Embedder } from '../providers/spec';
import { definedTerms, type KeyTerm } from '../text/terms';
import { stemPhrase } from '../text/words';
import {
  chooseAbstract,
  chooseKeyPoints,
  choosePoints,
  finalistsAmong,
  rankSections,
  type Candidate,
} from './choice';
import { leadTitle, lectureTitle, sectionsOf, sectionTitles } from './sections';
import { statementsOf, type Statement } from './statements';
import { emptySummary, givenTitle, prettyName, type Lecture, type Writer } from './writer';

export function extractive(embedder: Embedder): Writer {
  const info = { provider: 'extractive', model: embedder.model, quality: 'basic' } as const;
  return {
    ...info,
    version: 'extractive/2',
    async summarize({ signal, ...lecture }) {
      const statements = statementsOf(lecture.passages, lecture.language);
      if (statements.length === 0) return emptySummary(lecture, info);
      const vectors = await embedAll(embedder, { texts: statements.map(({ text }) => text), signal });
      return {
        ...{ schema: 'summary/1', language: lecture.language },
        ...compose(statements, vectors, lecture),
        ...info,
      };
    },
  };
}

/** Sentences per call, so that no message grows large and a cancelled job stops soon. */
const BATCH = 128;

async function embedAll(embedder: Embedder, { texts, signal }: Call & { texts: readonly string[] }) {
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    vectors.push(...(await embedder.embed({ texts: texts.slice(from, from + BATCH), signal })));
  }
  return vectors;
}

/** How many sentences go where. */
const FINALISTS_PER_SECTION = 6;
const ABSTRACT = 4;
const KEY_POINTS = { least: 5, most: 8 };
const SECTION_POINTS = { least: 2, most: 5 };
const KEY_TERMS = 10;

type Written = Pick<Summary, 'title' | 'abstract' | 'key_points' | 'outline' | 'key_terms'>;

function compose(
  statements: readonly Statement[],
  vectors: readonly Float32Array[],
  lecture: Lecture,
): Written {
  const { language } = lecture;
  const texts = statements.map(({ text }) => text);
  const terms = definedTerms(texts, language);
  const heard = lectureTitle(statements, language);
  const told = givenTitle(lecture) ?? (heard || prettyName(lecture));
  const sections = sectionsOf(statements, vectors, language);
  const ranked = rankSections({ statements, vectors, sections, terms, names: [told, heard] });
  const finalists = finalistsAmong(ranked, FINALISTS_PER_SECTION);
  const abstract = chooseAbstract(finalists, Math.min(ABSTRACT, Math.ceil(texts.length / 3)));
  const points = chooseKeyPoints(finalists, between(KEY_POINTS, texts.length / 6), abstract);
  const leads = ranked.map(([lead]) => texts[lead!.index]!);
  const opening = statements.find(({ fitness }) => fitness > 0) ?? statements[0]!;
  const title = told || leadTitle(opening.text, language);
  const titles = sectionTitles({ statements, sections, terms, language, title, leads });
  const pointsOf = (chosen: readonly Candidate[]): Point[] =>
    chosen.map(({ index }) => pointOf(statements[index]!));
  return {
    title,
    abstract: abstract.map(({ index }) => texts[index]).join(' '),
    key_points: pointsOf(points),
    outline: sections.map(({ start, end }, at) => ({
      title: titles[at]!,
      points: pointsOf(choosePoints(ranked[at]!, SECTION_POINTS)),
      passages: [...new Set(statements.slice(start, end).flatMap(({ passages }) => passages))],
    })),
    key_terms: mostUsed(terms, texts).map(({ term, definition, sentence }) => ({
      ...{ term, definition, passages: [...statements[sentence]!.passages] },
    })),
  };
}

const pointOf = ({ text, passages }: Statement): Point => ({ text, passages: [...passages] });

const between = ({ least, most }: { least: number; most: number }, value: number): number =>
  Math.min(most, Math.max(least, Math.round(value)));

/** The terms that the lecture uses most, in the order in which it defines them. */
function mostUsed(terms: readonly KeyTerm[], texts: readonly string[]): KeyTerm[] {
  if (terms.length <= KEY_TERMS) return [...terms];
  const said = ` ${texts.map(stemPhrase).join(' ')} `;
  const uses = new Map(terms.map((term) => [term, said.split(` ${stemPhrase(term.term)} `).length]));
  const kept = new Set([...terms].sort((a, b) => uses.get(b)! - uses.get(a)!).slice(0, KEY_TERMS));
  return terms.filter((term) => kept.has(term));
}
