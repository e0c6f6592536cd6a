/** One turn of Converse, whole or in pieces: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
import {
  ConverseCommand,
  ConverseStreamCommand,
  type ContentBlock,
  type ConverseCommandInput,
  type ConverseStreamOutput,
  type TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { PROVIDER, type Bedrock } from './bedrock-client';
import { permanent } from './error';
import { badAnswer } from './http';
import type { Call, Question, Units, Usage } from './spec';

export interface Asked extends Call, Pick<Question, 'onText' | 'schema'> {
  readonly input: Omit<ConverseCommandInput, 'toolConfig'>;
  /** What is billed beside tokens. */
  readonly units?: Units;
}

interface Turn {
  readonly text: string;
  readonly stopReason: string | undefined;
  readonly usage: TokenUsage | undefined;
}

export async function converse(bedrock: Bedrock, asked: Asked): Promise<{ text: string; usage: Usage }> {
  const { schema, used, onText, units } = asked;
  const input = { ...asked.input, ...(schema && { toolConfig: toolFor(schema) }) };
  const turn = onText
    ? await inPieces(bedrock, input, { ...asked, onText })
    : await whole(bedrock, input, asked);
  const { inputTokens = 0, outputTokens = 0 } = turn.usage ?? {};
  used?.({ input_tokens: inputTokens, output_tokens: outputTokens, ...units });
  requireResult(turn.stopReason);
  return { text: turn.text, usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens } };
}

async function whole(
  bedrock: Bedrock,
  input: ConverseCommandInput,
  { schema, signal }: Asked,
): Promise<Turn> {
  const { output, stopReason, usage } = await bedrock.ask(signal, (client, abortSignal) =>
    client.send(new ConverseCommand(input), { abortSignal }),
  );
  return { text: textOf(output?.message?.content ?? [], schema !== undefined), stopReason, usage };
}

/** The use follows the reason why it ended; without one the answer is not whole. */
async function inPieces(
  bedrock: Bedrock,
  input: ConverseCommandInput,
  { schema, signal, onText }: Asked & Required<Pick<Question, 'onText'>>,
): Promise<Turn> {
  const events = bedrock.events(signal, (client, abortSignal) =>
    client.send(new ConverseStreamCommand(input), { abortSignal }),
  );
  let turn: Turn = { text: '', stopReason: undefined, usage: undefined };
  for await (const event of events) {
    const piece = pieceOf(event, schema !== undefined);
    turn = {
      text: turn.text + piece,
      stopReason: event.messageStop?.stopReason ?? turn.stopReason,
      usage: event.metadata?.usage ?? turn.usage,
    };
    if (piece !== '') onText(piece);
  }
  if (turn.stopReason === undefined) throw badAnswer(PROVIDER, 'the stream ended before the answer did');
  return turn;
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

/** A tool's input comes as pieces of its JSON; words around it are no part of the answer. */
function pieceOf({ contentBlockDelta }: ConverseStreamOutput, isStructured: boolean): string {
  const delta = contentBlockDelta?.delta;
  return (isStructured ? delta?.toolUse?.input : delta?.text) ?? '';
}

const REFUSED = { code: 'REFUSED', what: 'the model refused to answer' };
const TRUNCATED = {
  code: 'TRUNCATED',
  what: 'the answer was cut at the token limit',
  hint: 'Raise max_tokens.',
};

/** Asking again would bring the same. */
const NO_RESULT: Readonly<Record<string, Parameters<typeof permanent>[1]>> = {
  guardrail_intervened: REFUSED,
  content_filtered: REFUSED,
  max_tokens: TRUNCATED,
  model_context_window_exceeded: TRUNCATED,
};

function requireResult(stopReason: string | undefined): void {
  const why = NO_RESULT[stopReason ?? ''];
  if (why) throw permanent(PROVIDER, why);
}
