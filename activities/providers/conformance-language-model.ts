import { expect } from '@jest/globals';
import { suite, unaborted, type ConformanceOptions } from './conformance-suite';
import type { LanguageModel, Question, Units, Usage } from './spec';

const QUESTION = { system: 'You answer in one sentence.', prompt: 'What do plants make?', max_tokens: 200 };
const SCHEMA = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

export function languageModelConformance(
  name: string,
  make: () => LanguageModel,
  options: ConformanceOptions<LanguageModel> = {},
): void {
  suite(`${name} as a language model`, make, options, {
    call: (model, { signal }) => model.generate({ ...QUESTION, signal }),
    cases(provider, test) {
      const ask = (over: Partial<Question> = {}) =>
        provider().generate({ ...QUESTION, ...over, signal: unaborted() });

      test('answers with text and its usage', async () => {
        const { text, usage } = await ask();
        expect(text.trim()).not.toBe('');
        expectCounts(usage);
      });

      test('answers with one JSON value when given a schema', async () => {
        const { text } = await ask({ schema: SCHEMA });
        expect(JSON.parse(text)).toEqual({ answer: expect.any(String) });
      });
    },
  });

  suite(`${name} as a language model that streams`, make, options, {
    call: (model, { signal }) => model.generate({ ...QUESTION, signal, onText: () => undefined }),
    cases: streams,
  });
}

type Cases = Parameters<typeof suite<LanguageModel>>[3]['cases'];

const streams: Cases = (provider, test) => {
  const stream = async (over: Partial<Question> = {}) => {
    const pieces: string[] = [];
    const onText = (piece: string) => void pieces.push(piece);
    const answer = await provider().generate({ ...QUESTION, ...over, onText, signal: unaborted() });
    return { ...answer, pieces };
  };

  test('gives pieces that are the answer, and the same usage', async () => {
    const { pieces, text, usage } = await stream();
    expect(pieces.join('')).toBe(text);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces).not.toContain('');
    expectCounts(usage);
    const whole = await provider().generate({ ...QUESTION, signal: unaborted() });
    expect(counted(usage)).toEqual(counted(whole.usage));
  });

  test('streams one JSON value when given a schema', async () => {
    const { pieces, text } = await stream({ schema: SCHEMA });
    expect(pieces.join('')).toBe(text);
    expect(JSON.parse(text)).toEqual({ answer: expect.any(String) });
  });

  test('says once what an answer used, whole or in pieces', async () => {
    for (const onText of [undefined, () => undefined]) {
      const told: Units[] = [];
      const used = (units: Units) => void told.push(units);
      const { usage } = await provider().generate({ ...QUESTION, onText, used, signal: unaborted() });
      expect(told).toEqual([{ input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens }]);
    }
  });

  test('stops in the midst of an answer, with the reason of the caller', async () => {
    const controller = new AbortController();
    const reason = new Error('aborted between two pieces');
    const pieces: string[] = [];
    const onText = (piece: string) => {
      pieces.push(piece);
      controller.abort(reason);
    };
    const asked = provider().generate({ ...QUESTION, onText, signal: controller.signal });
    await expect(asked).rejects.toBe(reason);
    expect(pieces).toHaveLength(1);
  });

  test('lets an error of its listener through', async () => {
    const fault = new Error('the listener has a fault');
    const onText = () => {
      throw fault;
    };
    await expect(provider().generate({ ...QUESTION, onText, signal: unaborted() })).rejects.toBe(fault);
  });
};

/** What a vendor counts at all. */
const counted = (usage: Usage) => Object.entries(usage).map(([what, tokens]) => [what, tokens > 0]);

function expectCounts(usage: Usage): void {
  for (const tokens of [usage.prompt_tokens, usage.completion_tokens])
    expect(Number.isInteger(tokens) && tokens >= 0).toBe(true);
}
