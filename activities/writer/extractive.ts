/** A writer without a language model: it chooses among the lecture's own sentences and adds nothing to them. */
import type { Point, Summary } from '../../domain/summary';
import type { Call, Embedder } from '../providers/spec';
import { announces } from '../text/speech';
import { definedTerms, type KeyTerm } from '../text/terms';
import { cutIntoSections } from '../text/topics';
import { countWords, stemPhrase } from '../text/words';
import { choose, rankAgain, rankSections, type Candidate } from './choice';
import { lectureTitle, sectionTitles } from './headings';
import { statementsOf, type Statement } from './statements';
import { emptySummary, type Lecture, type Writer } from './writer';

export function extractive(embedder: Embedder): Writer {
  const info = { provider: 'extractive', model: embedder.model, quality: 'basic' } as const;
  return {
    ...info,
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
  { language, title: given }: Lecture,
): Written {
  const texts = statements.map(({ text }) => text);
  const terms = definedTerms(texts, language);
  const title = given?.trim() || lectureTitle(texts, language);
  const sections = cutIntoSections({
    vectors,
    cues: texts.map((text) => announces(text, language)),
    sections: sectionCount(texts),
  });
  const ranked = rankSections({ statements, vectors, sections, terms, title });
  const finalists = rankAgain(ranked.flatMap((section) => choose(section, FINALISTS_PER_SECTION)));
  const abstract = choose(finalists, Math.min(ABSTRACT, Math.ceil(texts.length / 3)), { perSection: 1 });
  const rest = finalists.filter((candidate) => !abstract.includes(candidate));
  const points = choose(
    rest.length >= KEY_POINTS.least ? rest : finalists,
    between(KEY_POINTS, texts.length / 6),
    {
      perSection: 2,
    },
  );
  const titles = sectionTitles({
    texts,
    sections,
    language,
    title,
    leads: ranked.map((section) => section[0]),
  });
  const point = ({ index }: Candidate): Point => pointOf(statements[index]!);
  return {
    title,
    abstract: abstract.map(({ index }) => texts[index]).join(' '),
    key_points: points.map(point),
    outline: sections.map(({ start, end }, at) => ({
      title: titles[at]!,
      points: choose(ranked[at]!, between(SECTION_POINTS, (end - start) / 2)).map(point),
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

/** About one section per 110 words; an outline of more than twelve is none. */
function sectionCount(texts: readonly string[]): number {
  const words = texts.reduce((sum, text) => sum + countWords(text), 0);
  return between({ least: 1, most: 12 }, words / 110);
}

/** The terms that the lecture uses most, in the order in which it defines them. */
function mostUsed(terms: readonly KeyTerm[], texts: readonly string[]): KeyTerm[] {
  if (terms.length <= KEY_TERMS) return [...terms];
  const said = ` ${texts.map(stemPhrase).join(' ')} `;
  const uses = new Map(terms.map((term) => [term, said.split(` ${stemPhrase(term.term)} `).length]));
  const kept = new Set([...terms].sort((a, b) => uses.get(b)! - uses.get(a)!).slice(0, KEY_TERMS));
  return terms.filter((term) => kept.has(term));
}
