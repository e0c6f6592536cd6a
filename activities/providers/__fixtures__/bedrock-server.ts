/** Answers as Bedrock's reference documents them: https://docs.aws.amazon.com/bedrock/latest/APIReference/ */
import { createHash } from 'node:crypto';
import { chatText, type JsonSchema } from './openai-answers';
import { jsonAnswer, startVendorServer, type Routes, type VendorServer } from './vendor-server';

export const DIMENSION = 1_024;
export const CONVERSE = '/model/claude/converse';
export const INVOKE = '/model/titan/invoke';

interface Converse {
  readonly messages: readonly { readonly content: readonly { readonly text: string }[] }[];
  readonly inferenceConfig: { readonly maxTokens: number };
  readonly toolConfig?: {
    readonly tools: readonly { toolSpec: { name: string; inputSchema: { json: JsonSchema } } }[];
    readonly toolChoice: { readonly tool: { readonly name: string } };
  };
}

function converse({ messages, inferenceConfig, toolConfig }: Converse) {
  const content = messages.flatMap((message) => message.content.map(({ text }) => text)).join('\n');
  const asked = { messages: [{ role: 'user', content }] };
  const spec = toolConfig?.tools.find(({ toolSpec }) => toolSpec.name === toolConfig.toolChoice.tool.name);
  const usage = { inputTokens: 40, outputTokens: 20, totalTokens: 60 };
  const answered = (block: object, stopReason: string) => ({
    ...{ output: { message: { role: 'assistant', content: [block] } }, stopReason, usage },
    metrics: { latencyMs: 900 },
  });
  if (spec) {
    const { name, inputSchema } = spec.toolSpec;
    const text = chatText({ ...asked, response_format: { json_schema: { schema: inputSchema.json } } });
    return answered({ toolUse: { toolUseId: 'tooluse_1', name, input: JSON.parse(text) as object } }, 'tool_use');
  }
  const text = chatText(asked);
  return answered({ text }, inferenceConfig.maxTokens * 4 < text.length ? 'max_tokens' : 'end_turn');
}

/** Of unit length, the same for the same text. */
function vectorOf(text: string, dimensions: number): number[] {
  const bytes = createHash('shake256', { outputLength: dimensions }).update(text).digest();
  const values = [...bytes].map((byte) => byte - 127.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const ROUTES: Routes = {
  [`POST ${CONVERSE}`]: (body) => jsonAnswer(converse(JSON.parse(body.toString()) as Converse)),
  [`POST ${INVOKE}`]: (body) => {
    const asked = JSON.parse(body.toString()) as { inputText: string; dimensions: number };
    const embedding = vectorOf(asked.inputText, asked.dimensions);
    return jsonAnswer({ embedding, inputTextTokenCount: 9 });
  },
};

export const startBedrockServer = (port?: number): Promise<VendorServer> => startVendorServer(ROUTES, port);
