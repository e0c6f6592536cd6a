/** A model server on one's own machine or network: https://github.com/ollama/ollama/blob/main/docs/api.md */
import { z } from 'zod';
import { permanent } from './error';
import { badAnswer, vendorHttp, type Timeouts, type VendorHttp } from './http';
import type { Embedder, LanguageModel } from './spec';

const PROVIDER = 'ollama';

export interface OllamaSettings {
  /** `http://127.0.0.1:11434` */
  readonly baseUrl: string;
  readonly model: string;
  readonly timeouts?: Timeouts;
}

/** A model that is not in memory is loaded first, which takes a minute or two from a slow disk. */
const TIMEOUTS: Timeouts = { firstByteMs: 240_000, totalMs: 300_000 };

const chatSchema = z.object({
  message: z.object({ content: z.string() }),
  /** `length` where the limit cut the answer. */
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().default(0),
  eval_count: z.number().default(0),
});

export function ollamaLanguageModel(settings: OllamaSettings): LanguageModel {
  const http = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    async generate({ system, prompt, max_tokens, schema, signal }) {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: prompt },
      ];
      const json = { model, messages, stream: false, format: schema, options: { num_predict: max_tokens } };
      const answer = await http.forJson({ path: '/api/chat', json, signal }, chatSchema);
      const { message, done_reason, prompt_eval_count, eval_count } = answer;
      if (done_reason === 'length')
        throw permanent(PROVIDER, {
          code: 'TRUNCATED',
          what: 'the answer was cut at the token limit',
          hint: 'Raise max_tokens.',
        });
      if (message.content.trim() === '') throw badAnswer(PROVIDER, 'the model answered with nothing');
      const usage = { prompt_tokens: prompt_eval_count, completion_tokens: eval_count };
      return { text: message.content, usage };
    },
  };
}

const embedSchema = z.object({ embeddings: z.array(z.array(z.number())) });

/** `nomic-embed-text` is told what its texts are for: without the prefix its vectors lie apart from trained ones. */
const PREFIXES: Readonly<Record<string, string>> = { 'nomic-embed-text': 'search_document: ' };

export function ollamaEmbedder(settings: OllamaSettings & { readonly dimension: number }): Embedder {
  const http = connect(settings);
  const { model, dimension } = settings;
  const prefix = PREFIXES[model.split(':')[0] ?? ''] ?? '';
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    dimension,
    async embed({ texts, signal }) {
      signal.throwIfAborted();
      if (texts.length === 0) return [];
      const json = { model, input: texts.map((text) => prefix + text), truncate: true };
      const { embeddings } = await http.forJson({ path: '/api/embed', json, signal }, embedSchema);
      if (embeddings.length !== texts.length)
        throw badAnswer(PROVIDER, `${embeddings.length} vectors for ${texts.length} texts`);
      return embeddings.map((values) => unitOf(values, settings));
    },
  };
}

function unitOf(values: readonly number[], { model, dimension }: { model: string; dimension: number }) {
  if (values.length !== dimension)
    throw permanent(PROVIDER, {
      code: 'WRONG_DIMENSION',
      what: `${model} gives ${values.length} numbers, not ${dimension}`,
      hint: 'Choose a model of that dimension, such as nomic-embed-text.',
    });
  const length = Math.hypot(...values);
  if (length === 0) throw badAnswer(PROVIDER, 'a vector of zeros');
  return Float32Array.from(values, (value) => value / length);
}

function connect({ baseUrl, timeouts = TIMEOUTS }: OllamaSettings): VendorHttp {
  return vendorHttp({ provider: PROVIDER, baseUrl, timeouts });
}
