/** Answers as Ollama's reference documents them: https://github.com/ollama/ollama/blob/main/docs/api.md */
import { createHash } from 'node:crypto';
import type { Answer } from './faults';
import { chatText, piecesOf, type ChatRequest, type JsonSchema } from './openai-answers';
import { seen } from './page';
import { jsonAnswer, startVendorServer, type Routes } from './vendor-server';

export const DIMENSION = 768;

interface OllamaChat {
  readonly model: string;
  readonly messages: { role: string; content: string; images?: string[] }[];
  readonly stream?: boolean;
  readonly format?: JsonSchema;
  readonly options?: { readonly num_predict?: number };
}

const unknownModel = (model: string) =>
  jsonAnswer({ error: `model "${model}" not found, try pulling it first` }, 404);

/** The same numbers for the same text, whatever stands beside it; not of unit length. */
function vectorOf(text: string): number[] {
  const bytes = createHash('shake256', { outputLength: DIMENSION }).update(text).digest();
  return [...bytes].map((byte) => (byte - 127.5) / 30);
}

type Chat = (request: ChatRequest) => string;

function textOf({ messages, format }: OllamaChat, answer: Chat): string {
  const [image] = messages.at(-1)?.images ?? [];
  if (image !== undefined) return seen(Buffer.from(image, 'base64'));
  return answer({ messages, response_format: format && { json_schema: { schema: format } } });
}

function chat(asked: OllamaChat, answer: Chat): Answer {
  const content = textOf(asked, answer);
  const isCut = (asked.options?.num_predict ?? Infinity) * 4 < content.length;
  const line = (text: string, over: object) => ({
    ...{ model: asked.model, created_at: '2026-11-01T09:00:00Z' },
    ...{ message: { role: 'assistant', content: text }, ...over },
  });
  const end = {
    ...{ done: true, done_reason: isCut ? 'length' : 'stop', total_duration: 9_000_000 },
    ...{ prompt_eval_count: 40, eval_count: Math.ceil(content.length / 4) },
  };
  if (asked.stream === false) return jsonAnswer(line(content, end));
  const lines = [...piecesOf(content).map((piece) => line(piece, { done: false })), line('', end)];
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson' },
    body: Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join('')),
  };
}

const routesWith = (answer: Chat): Routes => ({
  'POST /api/chat': (body) => {
    const asked = JSON.parse(body.toString()) as OllamaChat;
    return asked.model === 'unknown' ? unknownModel(asked.model) : chat(asked, answer);
  },
  'POST /api/embed': (body) => {
    const { model, input } = JSON.parse(body.toString()) as { model: string; input: string[] };
    if (model === 'unknown') return unknownModel(model);
    return jsonAnswer({
      model,
      embeddings: input.map(vectorOf),
      total_duration: 14_143_917,
      prompt_eval_count: 9,
    });
  },
  'GET /api/tags': () =>
    jsonAnswer({ models: [{ name: 'llama3.2:3b' }, { name: 'nomic-embed-text:latest' }] }),
});

export const startOllamaServer = ({ port, chat = chatText }: { port?: number; chat?: Chat } = {}) =>
  startVendorServer(routesWith(chat), port);
