/** One chat completion, whole or in pieces: https://platform.openai.com/docs/api-reference/chat/create */
import { z } from 'zod';
import { permanent, ProviderError } from './error';
import { badAnswer, parseJson, type VendorHttp } from './http';
import { statusError } from './http-errors';
import type { Call, Question, Usage } from './spec';

const PROVIDER = 'openai';

const usageSchema = z.object({ prompt_tokens: z.number(), completion_tokens: z.number().default(0) });
const textSchema = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });

const chatSchema = z.object({
  choices: z.array(z.object({ message: textSchema, finish_reason: z.string().nullish() })).min(1),
  usage: usageSchema.nullish(),
});

/** https://platform.openai.com/docs/api-reference/chat-streaming; the last one has the usage and no choice. */
const chunkSchema = z.object({
  choices: z
    .array(z.object({ delta: textSchema.nullish(), finish_reason: z.string().nullish() }))
    .default([]),
  usage: usageSchema.nullish(),
});

/** Servers write their failures in many ways; what is sure is the word `error`. */
const failureSchema = z.object({
  error: z.union([
    z.string().transform(() => ({ code: undefined, type: undefined })),
    z.object({ code: z.union([z.string(), z.number()]).nullish(), type: z.string().nullish() }),
  ]),
});

interface Completion {
  readonly text: string;
  readonly finish: string | undefined;
  readonly isRefused: boolean;
  readonly usage: Usage | undefined;
}

export interface Asked extends Call, Pick<Question, 'onText'> {
  /** The request's body, without what asks for a stream. */
  readonly body: Readonly<Record<string, unknown>>;
}

export async function complete(http: VendorHttp, asked: Asked): Promise<{ text: string; usage: Usage }> {
  const { body, signal, used, onText } = asked;
  const path = '/chat/completions';
  const streaming = { stream: true, stream_options: { include_usage: true } };
  const completion = onText
    ? await inPieces(http, http.forLines({ path, json: { ...body, ...streaming }, signal }), onText)
    : whole(await http.forJson({ path, json: body, signal }, chatSchema));
  const { usage } = completion;
  used?.(usage ? { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens } : {});
  return resultOf(completion);
}

function whole({ choices, usage }: z.output<typeof chatSchema>): Completion {
  const { message, finish_reason } = choices[0]!;
  return {
    text: message.content ?? '',
    finish: finish_reason ?? undefined,
    isRefused: Boolean(message.refusal),
    usage: usage ?? undefined,
  };
}

/** Whole once it says why it ended; a few servers only say that it did. */
async function inPieces(
  http: VendorHttp,
  lines: AsyncIterable<string>,
  onText: (piece: string) => void,
): Promise<Completion> {
  let completion: Completion = { text: '', finish: undefined, isRefused: false, usage: undefined };
  for await (const data of eventsOf(lines)) {
    if (data === '[DONE]') return completion;
    requireChunk(http, data);
    const { choices, usage } = parseJson(PROVIDER, Buffer.from(data), chunkSchema);
    const [choice] = choices;
    const piece = choice?.delta?.content ?? '';
    completion = {
      text: completion.text + piece,
      finish: choice?.finish_reason ?? completion.finish,
      isRefused: completion.isRefused || Boolean(choice?.delta?.refusal),
      usage: usage ?? completion.usage,
    };
    if (piece !== '') onText(piece);
  }
  if (completion.finish === undefined) throw badAnswer(PROVIDER, 'the stream ended before the answer did');
  return completion;
}

/** The data of server-sent events, which these vendors write in one line: https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
    else if (!/^(:|event|id|retry|$)/.test(line))
      throw badAnswer(PROVIDER, 'the answer is not a stream of events');
  }
}

/** A failure in the midst of a stream is an event: the status was sent long before. */
function requireChunk(http: VendorHttp, data: string): void {
  if (!data.includes('"error"')) return;
  const { data: failure } = failureSchema.safeParse(parseJson(PROVIDER, Buffer.from(data), z.unknown()));
  if (!failure) return;
  const { code, type } = failure.error;
  const said = http.saidIn(data);
  const status = Number(code);
  if (status >= 400) throw statusError(PROVIDER, { status, said, retryAfter: null, nowMs: Date.now() });
  const [reason, transient] = IN_WORDS[`${code}`] ?? IN_WORDS[`${type}`] ?? ['MODEL_FAILED', true];
  throw new ProviderError(`${PROVIDER}: ${said}`, { provider: PROVIDER, code: reason, transient });
}

/** https://platform.openai.com/docs/guides/error-codes */
const IN_WORDS: Readonly<Record<string, readonly [code: string, transient: boolean]>> = {
  rate_limit_exceeded: ['RATE_LIMITED', true],
  invalid_request_error: ['BAD_REQUEST', false],
  context_length_exceeded: ['BAD_REQUEST', false],
  BadRequestError: ['BAD_REQUEST', false],
};

/** A refusal or a text that was cut is no result, and asking again would bring the same. */
function resultOf({ text, finish, isRefused, usage }: Completion): { text: string; usage: Usage } {
  if (isRefused || finish === 'content_filter')
    throw permanent(PROVIDER, { code: 'REFUSED', what: 'the model refused to answer' });
  if (finish === 'length')
    throw permanent(PROVIDER, {
      code: 'TRUNCATED',
      what: 'the answer was cut at the token limit',
      hint: 'Raise max_tokens.',
    });
  if (text.trim() === '') throw badAnswer(PROVIDER, 'the model answered with nothing');
  return { text, usage: usage ?? { prompt_tokens: 0, completion_tokens: 0 } };
}
