/** One question to Ollama, answered whole or in pieces: https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion */
import { z } from 'zod';
import { permanent, ProviderError } from './error';
import { badAnswer, parseJson, type VendorHttp } from './http';
import type { Call, Question, Units, Usage } from './spec';

const PROVIDER = 'ollama';

const chatSchema = z.object({
  message: z.object({ content: z.string() }),
  /** `length` where the limit cut the answer. */
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().default(0),
  eval_count: z.number().default(0),
});

/** A failure in the midst of a stream is a line of it: the status was sent long before. */
const lineSchema = z.union([
  z.object({ error: z.string() }),
  chatSchema.extend({ done: z.boolean().default(false) }),
]);

type Chat = z.output<typeof chatSchema>;

export interface Asked extends Call, Pick<Question, 'onText'> {
  /** The request's body, without `stream`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What is billed beside tokens. */
  readonly units?: Units;
}

export async function chat(http: VendorHttp, asked: Asked): Promise<{ text: string; usage: Usage }> {
  const { body, signal, used, onText, units } = asked;
  const request = { path: '/api/chat', json: { ...body, stream: onText !== undefined }, signal };
  const answer = onText
    ? await inPieces(http, http.forLines(request), onText)
    : await http.forJson(request, chatSchema);
  const { message, done_reason, prompt_eval_count, eval_count } = answer;
  used?.({ input_tokens: prompt_eval_count, output_tokens: eval_count, ...units });
  if (done_reason === 'length')
    throw permanent(PROVIDER, {
      code: 'TRUNCATED',
      what: 'the answer was cut at the token limit',
      hint: 'Raise max_tokens.',
    });
  const usage = { prompt_tokens: prompt_eval_count, completion_tokens: eval_count };
  return { text: message.content, usage };
}

/** The last line says how it ended and what it used; without one the answer is not whole. */
async function inPieces(
  http: VendorHttp,
  lines: AsyncIterable<string>,
  onText: (piece: string) => void,
): Promise<Chat> {
  let content = '';
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const said = parseJson(PROVIDER, Buffer.from(line), lineSchema);
    if ('error' in said) throw failed(http.saidIn(line));
    content += said.message.content;
    if (said.message.content !== '') onText(said.message.content);
    if (said.done) return { ...said, message: { content } };
  }
  throw badAnswer(PROVIDER, 'the stream ended before the answer did');
}

/** The model's runner crashed or ran out of memory; another try finds it started anew. */
const failed = (said: string): ProviderError =>
  new ProviderError(`${PROVIDER}: ${said}`, { provider: PROVIDER, code: 'MODEL_FAILED', transient: true });
