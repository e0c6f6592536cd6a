/** Answers as Ollama's reference documents them: https://github.com/ollama/ollama/blob/main/docs/api.md */
import { createHash } from 'node:crypto';
import { chatText, type ChatRequest, type JsonSchema } from './openai-answers';
import { jsonAnswer, startVendorServer, type Routes, type VendorServer } from './vendor-server';

export const DIMENSION = 768;

interface OllamaChat {
  readonly model: string;
  readonly messages: ChatRequest['messages'];
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

function chat({ model, messages, format, options }: OllamaChat) {
  const response_format = format && { json_schema: { schema: format } };
  const content = chatText({ messages, response_format });
  const isCut = (options?.num_predict ?? Infinity) * 4 < content.length;
  return {
    ...{ model, created_at: '2026-11-01T09:00:00Z', done: true, done_reason: isCut ? 'length' : 'stop' },
    message: { role: 'assistant', content },
    ...{ total_duration: 9_000_000, prompt_eval_count: 40, eval_count: Math.ceil(content.length / 4) },
  };
}

const ROUTES: Routes = {
  'POST /api/chat': (body) => {
    const asked = JSON.parse(body.toString()) as OllamaChat;
    return asked.model === 'unknown' ? unknownModel(asked.model) : jsonAnswer(chat(asked));
  },
  'POST /api/embed': (body) => {
    const { model, input } = JSON.parse(body.toString()) as { model: string; input: string[] };
    if (model === 'unknown') return unknownModel(model);
    return jsonAnswer({ model, embeddings: input.map(vectorOf), total_duration: 14_143_917 });
  },
  'GET /api/tags': () => jsonAnswer({ models: [{ name: 'llama3.2:3b' }, { name: 'nomic-embed-text:latest' }] }),
};

export const startOllamaServer = (port?: number): Promise<VendorServer> => startVendorServer(ROUTES, port);
