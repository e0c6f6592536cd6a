/** What a language model is asked for, and what of its answer can be trusted. */
import { z } from 'zod';
import type { Summary } from '../../domain/summary';

const pointSchema = z.object({
  text: z.string().trim().min(1).describe('One sentence.'),
  passages: z.array(z.string()).describe('Ids of the passages that say so.'),
});

export const draftSchema = z.object({
  title: z.string().trim().min(1).describe('Two to seven words.'),
  abstract: z.string().trim().min(1).describe('Three or four sentences.'),
  key_points: z.array(pointSchema).describe('Five to eight.'),
  outline: z
    .array(z.object({ title: z.string().trim().min(1), points: z.array(pointSchema) }))
    .describe('Three to seven sections in the order of the lecture, each with two to five points.'),
  key_terms: z
    .array(
      z.object({
        term: z.string().trim().min(1),
        definition: z.string().trim().min(1).describe('As the lecture defines it.'),
        passages: z.array(z.string()),
      }),
    )
    .describe('At most ten. Only terms that the lecture explains.'),
});

export type Draft = z.output<typeof draftSchema>;
export type WrittenSummary = Pick<Summary, keyof Draft>;

export const draftJsonSchema: Record<string, unknown> = z.toJSONSchema(draftSchema);

/** Either a draft that can be used or everything that is wrong with the answer, in words for the model. */
export type Reading =
  | { readonly ok: true; readonly draft: WrittenSummary }
  | { readonly ok: false; readonly problems: readonly string[] };

export function readDraft(answer: string, passageIds: ReadonlySet<string>): Reading {
  const value = jsonIn(answer);
  if (value === undefined) return { ok: false, problems: ['The answer is not one JSON object.'] };
  const parsed = draftSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'answer'}: ${message}`,
    );
    return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
  }
  const draft = grounded(parsed.data, passageIds);
  if (draft.key_points.length > 0) return { ok: true, draft };
  const known = [...passageIds].slice(0, MOST_PROBLEMS).join(', ');
  return { ok: false, problems: [`key_points: none names an existing passage id, such as ${known}.`] };
}

const MOST_PROBLEMS = 10;

/** Models wrap JSON in prose or code fences, even when asked not to. */
function jsonIn(answer: string): unknown {
  const [from, to] = [answer.indexOf('{'), answer.lastIndexOf('}')];
  try {
    return JSON.parse(answer.slice(from, to + 1));
  } catch {
    return undefined;
  }
}

const MOST = { key_points: 8, section_points: 5, key_terms: 10 };

/** Without passage ids that do not exist, and without what then rests on none. */
function grounded(draft: Draft, ids: ReadonlySet<string>): WrittenSummary {
  const keep = <Item extends { passages: string[] }>(items: readonly Item[], most: number): Item[] =>
    items
      .map((item) => ({ ...item, passages: [...new Set(item.passages)].filter((id) => ids.has(id)) }))
      .filter(({ passages }) => passages.length > 0)
      .slice(0, most);
  return {
    title: draft.title,
    abstract: draft.abstract,
    key_points: keep(draft.key_points, MOST.key_points),
    outline: draft.outline
      .map(({ title, points }) => ({ title, points: keep(points, MOST.section_points) }))
      .filter(({ points }) => points.length > 0)
      .map((section) => ({
        ...section,
        passages: [...new Set(section.points.flatMap(({ passages }) => passages))],
      })),
    key_terms: keep(draft.key_terms, MOST.key_terms),
  };
}
