/** A writer over any language model: long lectures in parts, one repair of an answer that cannot be used. */
import type { Passage } from '../../domain/passage';
import { ProviderError } from '../providers/error';
import type { Call, LanguageModel } from '../providers/spec';
import { draftJsonSchema, readDraft, type WrittenSummary } from './draft';
import { mergePrompt, PROMPTS_VERSION, repairPrompt, summaryPrompt, type Prompt } from './prompts';
import { emptySummary, givenTitle, type Lecture, type Writer } from './writer';

export interface PromptedOptions {
  /** Tokens of lecture text or drafts in one prompt; the instructions come on top. */
  readonly promptTokens?: number;
  /** Tokens of one answer. */
  readonly answerTokens?: number;
}

interface Asking extends Call {
  readonly passageIds: ReadonlySet<string>;
}

export function prompted(model: LanguageModel, options: PromptedOptions = {}): Writer {
  const { promptTokens = 12_000, answerTokens = 4_000 } = options;
  const { provider, quality } = model;
  const info = { provider, model: model.model, quality };

  async function generate({ system, prompt }: Prompt, signal: AbortSignal): Promise<string> {
    const call = { system, prompt, max_tokens: answerTokens, schema: draftJsonSchema, signal };
    return (await model.generate(call)).text;
  }

  async function ask(prompt: Prompt, { passageIds, signal }: Asking): Promise<WrittenSummary> {
    const answer = await generate(prompt, signal);
    const first = readDraft(answer, passageIds);
    if (first.ok) return first.draft;
    const repaired = await generate(repairPrompt({ ...prompt, answer, problems: first.problems }), signal);
    const second = readDraft(repaired, passageIds);
    if (second.ok) return second.draft;
    throw unusable(provider, second.problems);
  }

  async function merge(
    drafts: readonly WrittenSummary[],
    lecture: Lecture,
    asking: Asking,
  ): Promise<WrittenSummary> {
    const [only, ...others] = drafts;
    if (only && others.length === 0) return only;
    const merged: WrittenSummary[] = [];
    // Two at least go together, or merging would never end.
    for (const group of groupsWithin(drafts, promptTokens, (draft) => JSON.stringify(draft), 2)) {
      const { language } = lecture;
      const title = givenTitle(lecture);
      const [single] = group;
      merged.push(
        single && group.length === 1
          ? single
          : await ask(mergePrompt({ drafts: group, language, title }), asking),
      );
    }
    return merge(merged, lecture, asking);
  }

  return {
    ...info,
    version: PROMPTS_VERSION,
    async summarize({ signal, ...lecture }) {
      const { passages, language } = lecture;
      const title = givenTitle(lecture);
      if (passages.length === 0) return emptySummary(lecture, info);
      const groups = groupsWithin(passages, promptTokens, ({ text }) => text, 1);
      const drafts: WrittenSummary[] = [];
      for (const [index, group] of groups.entries()) {
        const prompt = summaryPrompt({
          ...{ passages: group, language, title },
          ...{ part: index + 1, parts: groups.length },
        });
        drafts.push(await ask(prompt, { passageIds: idsOf(group), signal }));
      }
      const written = await merge(drafts, lecture, { passageIds: idsOf(passages), signal });
      return { schema: 'summary/1', language, ...written, title: title ?? written.title, ...info };
    },
  };
}

const idsOf = (passages: readonly Passage[]): ReadonlySet<string> => new Set(passages.map(({ id }) => id));

/** Neighbours together, as many as the budget holds, at least `least` where there are as many. */
export function groupsWithin<Item>(
  items: readonly Item[],
  budget: number,
  textOf: (item: Item) => string,
  least: number,
): Item[][] {
  const groups: Item[][] = [];
  let tokens = 0;
  for (const item of items) {
    const group = groups.at(-1);
    const size = tokensIn(textOf(item));
    const fits = group && (tokens + size <= budget || group.length < least);
    if (fits) group.push(item);
    else groups.push([item]);
    tokens = fits ? tokens + size : size;
  }
  return groups;
}

/** Rather too many than too few: four letters of Latin script to a token, one character of any other. */
function tokensIn(text: string): number {
  const latin = text.match(/[\u0000-\u024f]/g)?.length ?? 0;
  return Math.ceil(latin / 4) + (text.length - latin);
}

/** Permanent: the model was asked twice, and a third time costs as much as another provider. */
function unusable(provider: string, problems: readonly string[]): ProviderError {
  return new ProviderError(`${provider}: no usable summary: ${problems.slice(0, 3).join('; ')}`, {
    provider,
    code: 'UNUSABLE_ANSWER',
    transient: false,
    hint: 'Choose a larger model, or put another provider first.',
  });
}
