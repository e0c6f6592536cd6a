/** Amazon Bedrock: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
import {
  BedrockRuntimeClient,
  ConverseCommand,
  InvokeModelCommand,
  type ContentBlock,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { z } from 'zod';
import { bedrockError } from './bedrock-errors';
import { permanent } from './error';
import { badAnswer } from './http';
import { jsonOrUndefined } from './http-errors';
import type { Embedder, LanguageModel } from './spec';

const PROVIDER = 'bedrock';

export interface BedrockSettings {
  readonly region: string;
  /** A model's or an inference profile's id, for example `anthropic.claude-3-5-sonnet-20240620-v1:0`. */
  readonly model: string;
  /** Another address of the service, for example a VPC's. */
  readonly endpoint?: string;
  readonly timeouts?: { readonly connectMs: number; readonly firstByteMs: number };
}

/** Without streaming the first byte comes when the whole answer is written. */
const TIMEOUTS = { connectMs: 5_000, firstByteMs: 180_000 };

/** Keys, roles and profiles are found as by every AWS program. */
function connect({ region, endpoint, timeouts = TIMEOUTS }: BedrockSettings): BedrockRuntimeClient {
  const { connectMs, firstByteMs } = timeouts;
  return new BedrockRuntimeClient({
    ...{ region, endpoint },
    // Nothing retries but Temporal.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectMs,
      requestTimeout: firstByteMs,
      // Between two pieces of an answer.
      socketTimeout: firstByteMs,
      throwOnRequestTimeout: true,
    }),
  });
}

/** A call of the SDK whose outcome is a value, a `ProviderError`, or the signal's reason. */
async function asked<Answer>(signal: AbortSignal, call: () => Promise<Answer>): Promise<Answer> {
  signal.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    throw bedrockError(error);
  }
}

/** A structured answer is the input of the only tool that the model may, and must, use. */
const ANSWER = 'answer';

const toolFor = (schema: Record<string, unknown>): ConverseCommandInput['toolConfig'] => ({
  // The SDK's type is any JSON.
  tools: [
    { toolSpec: { name: ANSWER, description: 'Gives the answer', inputSchema: { json: schema as never } } },
  ],
  toolChoice: { tool: { name: ANSWER } },
});

function textOf(content: readonly ContentBlock[], isStructured: boolean): string {
  if (!isStructured) return content.map(({ text }) => text ?? '').join('');
  const use = content.find(({ toolUse }) => toolUse?.name === ANSWER)?.toolUse;
  return use?.input === undefined ? '' : JSON.stringify(use.input);
}

export function bedrockLanguageModel(settings: BedrockSettings): LanguageModel {
  const client = connect(settings);
  const { model } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'high',
    async generate({ system, prompt, max_tokens, schema, signal }) {
      const command = new ConverseCommand({
        modelId: model,
        ...(system && { system: [{ text: system }] }),
        messages: [{ role: 'user', content: [{ text: prompt }] }],
        inferenceConfig: { maxTokens: max_tokens },
        ...(schema && { toolConfig: toolFor(schema) }),
      });
      const { output, stopReason, usage } = await asked(signal, () =>
        client.send(command, { abortSignal: signal }),
      );
      if (stopReason === 'guardrail_intervened' || stopReason === 'content_filtered')
        throw permanent(PROVIDER, { code: 'REFUSED', what: 'the model refused to answer' });
      if (stopReason === 'max_tokens')
        throw permanent(PROVIDER, {
          code: 'TRUNCATED',
          what: 'the answer was cut at the token limit',
          hint: 'Raise max_tokens.',
        });
      const text = textOf(output?.message?.content ?? [], schema !== undefined);
      if (text.trim() === '') throw badAnswer(PROVIDER, 'the model answered with nothing');
      const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
      return { text, usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens } };
    },
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titanSchema = z.object({ embedding: z.array(z.number()) });

/** Titan takes one text at a time; so many are under way together. */
const TOGETHER = 8;

export function bedrockEmbedder(settings: BedrockSettings & { readonly dimension: number }): Embedder {
  const client = connect(settings);
  const { model, dimension } = settings;

  async function embedOne(inputText: string, signal: AbortSignal): Promise<Float32Array> {
    const body = JSON.stringify({ inputText, dimensions: dimension, normalize: true });
    const command = new InvokeModelCommand({ modelId: model, contentType: 'application/json', body });
    const answer = await asked(signal, () => client.send(command, { abortSignal: signal }));
    const { data } = titanSchema.safeParse(jsonOrUndefined(answer.body));
    if (data?.embedding.length !== dimension) throw badAnswer(PROVIDER, `no vector of ${dimension} numbers`);
    return Float32Array.from(data.embedding);
  }

  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    dimension,
    async embed({ texts, signal }) {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += TOGETHER) {
        const group = texts.slice(from, from + TOGETHER);
        vectors.push(...(await Promise.all(group.map((text) => embedOne(text, signal)))));
      }
      signal.throwIfAborted();
      return vectors;
    },
  };
}
