/** A model server on one's own machine or network: https://github.com/ollama/ollama/blob/main/docs/api.md */
import { z } from 'zod';
import { permanent } from './error';
import { badAnswer, vendorHttp, type Timeouts, type VendorHttp } from './http';
import { requireImage } from './images';
import { chat } from './ollama-chat';
import type { Embedder, LanguageModel, OcrEngine } from './spec';
import { MAX_TOKENS, pageOf, READER, READER_VERSION, REQUEST } from './vision';

const PROVIDER = 'ollama';

export interface OllamaSettings {
  /** `http://127.0.0.1:11434` */
  readonly baseUrl: string;
  readonly model: string;
  readonly timeouts?: Timeouts;
}

/** A model that is not in memory is loaded first, which takes a minute or two from a slow disk. */
const TIMEOUTS: Timeouts = { firstByteMs: 240_000, totalMs: 300_000 };

export function ollamaLanguageModel(settings: OllamaSettings): LanguageModel {
  const http = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    async generate({ system, prompt, max_tokens, schema, ...call }) {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: prompt },
      ];
      const body = { model, messages, format: schema, options: { num_predict: max_tokens } };
      const answer = await chat(http, { ...call, body });
      if (answer.text.trim() === '') throw badAnswer(PROVIDER, 'the model answered with nothing');
      return answer;
    },
  };
}

/** Tokens for the picture, which takes a few thousand, and its text; the server's default would cut either. */
const VISION_CONTEXT = 8_192;

/**
 * Any model that sees, for example `qwen2.5vl:7b`; for text that it cannot read it may make some up.
 * Old servers know no WebP: https://github.com/ollama/ollama/issues/2457
 */
export function ollamaOcr(settings: OllamaSettings): OcrEngine {
  const http = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    version: READER_VERSION,
    languages: 'any',
    async recognize({ image, media_type, signal, used }) {
      signal.throwIfAborted();
      requireImage(PROVIDER, { image, media_type }, {});
      const messages = [
        { role: 'system', content: READER },
        { role: 'user', content: REQUEST, images: [Buffer.from(image).toString('base64')] },
      ];
      const options = { num_predict: MAX_TOKENS, num_ctx: VISION_CONTEXT, temperature: 0 };
      const body = { model, messages, options };
      const { text } = await chat(http, { body, signal, used, units: { images: 1 } });
      return pageOf(text);
    },
  };
}

const embedSchema = z.object({
  embeddings: z.array(z.array(z.number())),
  prompt_eval_count: z.number().default(0),
});

/**
 * `nomic-embed-text` is told what its texts are for: without the prefix its vectors lie apart from trained ones.
 * https://huggingface.co/nomic-ai/nomic-embed-text-v1.5#task-instruction-prefixes
 */
const PREFIXES: Readonly<Record<string, { document: string; query: string }>> = {
  'nomic-embed-text': { document: 'search_document: ', query: 'search_query: ' },
};

export function ollamaEmbedder(settings: OllamaSettings & { readonly dimension: number }): Embedder {
  const http = connect(settings);
  const { model, dimension } = settings;
  const prefixes = PREFIXES[model.split(':')[0] ?? ''];
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    dimension,
    async embed({ texts, purpose = 'document', signal, used }) {
      signal.throwIfAborted();
      if (texts.length === 0) return [];
      const prefix = prefixes?.[purpose] ?? '';
      const json = { model, input: texts.map((text) => prefix + text), truncate: true };
      const answer = await http.forJson({ path: '/api/embed', json, signal }, embedSchema);
      const { embeddings, prompt_eval_count } = answer;
      used?.({ input_tokens: prompt_eval_count });
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
