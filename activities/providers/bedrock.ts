/** Amazon Bedrock: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { z } from 'zod';
import { connect, PROVIDER, type BedrockSettings } from './bedrock-client';
import { converse } from './bedrock-converse';
import { badAnswer } from './http';
import { jsonOrUndefined } from './http-errors';
import { requireImage } from './images';
import type { Call, Embedder, LanguageModel, OcrEngine } from './spec';
import { MAX_TOKENS, pageOf, READER, READER_VERSION, REQUEST } from './vision';

export type { BedrockSettings } from './bedrock-client';

export function bedrockLanguageModel(settings: BedrockSettings): LanguageModel {
  const bedrock = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'high',
    async generate({ system, prompt, max_tokens, ...asked }) {
      const input = {
        modelId: model,
        ...(system && { system: [{ text: system }] }),
        messages: [{ role: 'user' as const, content: [{ text: prompt }] }],
        inferenceConfig: { maxTokens: max_tokens },
      };
      const answer = await converse(bedrock, { ...asked, input });
      if (answer.text.trim() === '') throw badAnswer(PROVIDER, 'the model answered with nothing');
      return answer;
    },
  };
}

/** 3.75 MB and 8,000 pixels a side: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html */
const IMAGE_LIMITS = { bytes: 3_750_000, side: 8_000 };

const FORMATS = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;

/** Any model that sees. */
export function bedrockOcr(settings: BedrockSettings): OcrEngine {
  const bedrock = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'high',
    version: READER_VERSION,
    languages: 'any',
    async recognize({ image, media_type, signal, used }) {
      signal.throwIfAborted();
      requireImage(PROVIDER, { image, media_type }, IMAGE_LIMITS);
      const picture = { image: { format: FORMATS[media_type], source: { bytes: image } } };
      const input = {
        modelId: model,
        system: [{ text: READER }],
        messages: [{ role: 'user' as const, content: [picture, { text: REQUEST }] }],
        inferenceConfig: { maxTokens: MAX_TOKENS },
      };
      const { text } = await converse(bedrock, { input, signal, used, units: { images: 1 } });
      return pageOf(text);
    },
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titanSchema = z.object({
  embedding: z.array(z.number()),
  inputTextTokenCount: z.number().default(0),
});

/** Titan takes one text at a time; so many are under way together. */
const TOGETHER = 8;

export function bedrockEmbedder(settings: BedrockSettings & { readonly dimension: number }): Embedder {
  const bedrock = connect(settings);
  const { model, dimension } = settings;

  async function embedOne(inputText: string, { signal, used }: Call): Promise<Float32Array> {
    const body = JSON.stringify({ inputText, dimensions: dimension, normalize: true });
    const command = new InvokeModelCommand({ modelId: model, contentType: 'application/json', body });
    const answer = await bedrock.ask(signal, (client, abortSignal) => client.send(command, { abortSignal }));
    const { data } = titanSchema.safeParse(jsonOrUndefined(answer.body));
    if (data) used?.({ input_tokens: data.inputTextTokenCount });
    if (data?.embedding.length !== dimension) throw badAnswer(PROVIDER, `no vector of ${dimension} numbers`);
    return Float32Array.from(data.embedding);
  }

  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    dimension,
    async embed({ texts, signal, used }) {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += TOGETHER) {
        const group = texts.slice(from, from + TOGETHER);
        // All are awaited: what the others have used is counted, too, when one fails.
        const made = await Promise.allSettled(group.map((text) => embedOne(text, { signal, used })));
        const failed = made.find(({ status }) => status === 'rejected');
        if (failed) await Promise.reject((failed as PromiseRejectedResult).reason as Error);
        vectors.push(...made.map((one) => (one as PromiseFulfilledResult<Float32Array>).value));
      }
      signal.throwIfAborted();
      return vectors;
    },
  };
}
