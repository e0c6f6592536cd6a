/** Answers as Bedrock's reference documents them: https://docs.aws.amazon.com/bedrock/latest/APIReference/ */
import { createHash } from 'node:crypto';
import { event, exception, unforeseen } from './bedrock-events';
import type { Answer } from './faults';
import { chatText, piecesOf, type ChatRequest, type JsonSchema } from './openai-answers';
import { seen } from './page';
import { jsonAnswer, startVendorServer, type Routes } from './vendor-server';

export const DIMENSION = 1_024;
export const CONVERSE = '/model/claude/converse';
export const STREAM = '/model/claude/converse-stream';
export const INVOKE = '/model/titan/invoke';

interface Block {
  readonly text?: string;
  readonly image?: { readonly source: { readonly bytes: string } };
}

interface Converse {
  readonly messages: readonly { readonly content: readonly Block[] }[];
  readonly inferenceConfig: { readonly maxTokens: number };
  readonly toolConfig?: {
    readonly tools: readonly { toolSpec: { name: string; inputSchema: { json: JsonSchema } } }[];
    readonly toolChoice: { readonly tool: { readonly name: string } };
  };
}

type Chat = (request: ChatRequest) => string;

const usage = { inputTokens: 40, outputTokens: 20, totalTokens: 60 };
const metrics = { latencyMs: 900 };
const TOOL_USE_ID = 'tooluse_1';

const promptOf = ({ messages }: Converse): string =>
  messages.flatMap(({ content }) => content.map(({ text }) => text ?? '')).join('\n');

/** What is answered: words, or a tool's input as JSON. */
function answerTo(asked: Converse, chat: Chat): { text: string; tool?: string; stopReason: string } {
  const { messages, inferenceConfig, toolConfig } = asked;
  const spec = toolConfig?.tools.find(({ toolSpec }) => toolSpec.name === toolConfig.toolChoice.tool.name);
  const schema = spec?.toolSpec.inputSchema.json;
  const image = messages.flatMap(({ content }) => content).find((block) => block.image)?.image;
  const text = image
    ? seen(Buffer.from(image.source.bytes, 'base64'))
    : chat({
        messages: [{ role: 'user', content: promptOf(asked) }],
        response_format: schema && { json_schema: { schema } },
      });
  if (spec) return { text, tool: spec.toolSpec.name, stopReason: 'tool_use' };
  return { text, stopReason: inferenceConfig.maxTokens * 4 < text.length ? 'max_tokens' : 'end_turn' };
}

function converse(asked: Converse, chat: Chat): Answer {
  const { text, tool, stopReason } = answerTo(asked, chat);
  const block = tool
    ? { toolUse: { toolUseId: TOOL_USE_ID, name: tool, input: JSON.parse(text) as object } }
    : { text };
  return jsonAnswer({
    output: { message: { role: 'assistant', content: [block] } },
    stopReason,
    usage,
    metrics,
  });
}

/** A prompt can ask for a stream that breaks: `break: throttlingException`, `break: end`, `break: error`. */
function brokenOff(asked: Converse): Buffer[] | undefined {
  const [, what] = /break: (\w+)/.exec(promptOf(asked)) ?? [];
  if (what === undefined) return undefined;
  if (what === 'end') return [];
  if (what === 'garbage') return [Buffer.from('<html>Welcome to the proxy</html>')];
  return [
    what === 'error' ? unforeseen('InternalFailure', `said by ${what}`) : exception(what, `said by ${what}`),
  ];
}

function stream(asked: Converse, chat: Chat): Answer {
  const { text, tool, stopReason } = answerTo(asked, chat);
  const contentBlockIndex = 0;
  const delta = (piece: string) => (tool ? { toolUse: { input: piece } } : { text: piece });
  const begin = { contentBlockIndex, start: { toolUse: { toolUseId: TOOL_USE_ID, name: tool } } };
  const frames = [
    event('messageStart', { role: 'assistant' }),
    ...(tool ? [event('contentBlockStart', begin)] : []),
    ...piecesOf(text).map((piece) => event('contentBlockDelta', { contentBlockIndex, delta: delta(piece) })),
  ];
  const end = brokenOff(asked) ?? [
    event('contentBlockStop', { contentBlockIndex }),
    event('messageStop', { stopReason }),
    event('metadata', { usage, metrics }),
  ];
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    body: Buffer.concat([...frames, ...end]),
  };
}

/** Of unit length, the same for the same text. */
function vectorOf(text: string, dimensions: number): number[] {
  const bytes = createHash('shake256', { outputLength: dimensions }).update(text).digest();
  const values = [...bytes].map((byte) => byte - 127.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const routesWith = (chat: Chat): Routes => ({
  [`POST ${CONVERSE}`]: (body) => converse(JSON.parse(body.toString()) as Converse, chat),
  [`POST ${STREAM}`]: (body) => stream(JSON.parse(body.toString()) as Converse, chat),
  [`POST ${INVOKE}`]: (body) => {
    const asked = JSON.parse(body.toString()) as { inputText: string; dimensions: number };
    const embedding = vectorOf(asked.inputText, asked.dimensions);
    return jsonAnswer({ embedding, inputTextTokenCount: 9 });
  },
});

export const startBedrockServer = ({ port, chat = chatText }: { port?: number; chat?: Chat } = {}) =>
  startVendorServer(routesWith(chat), port);
