/** Stands in for any OpenAI-compatible vendor. As a program, `node openai-server.js [PORT]` prints a JSON line with its URL. */
import {
  chatAnswer,
  chatEvents,
  chatText,
  lectureText,
  speechWav,
  transcriptionAnswer,
  wavSeconds,
  type ChatRequest,
} from './openai-answers';
import { jsonAnswer, startVendorServer, type Routes, type VendorServer } from './vendor-server';

export interface OpenAiServerOptions {
  port?: number;
  chat?: (request: ChatRequest) => string;
  transcript?: (seconds: number) => string;
}

export interface OpenAiServer extends VendorServer {
  /** What the adapter's settings take. */
  baseUrl: string;
}

export async function startOpenAiServer({
  port,
  ...answers
}: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const server = await startVendorServer(createRoutes(answers), port);
  return { ...server, baseUrl: `${server.url}/v1` };
}

function createRoutes({ chat = chatText, transcript = lectureText }: OpenAiServerOptions): Routes {
  return {
    'GET /v1/models': () => jsonAnswer({ object: 'list', data: [{ id: 'fixture', object: 'model' }] }),
    'POST /v1/chat/completions': (body) => {
      const request = JSON.parse(body.toString()) as ChatRequest & { model: string };
      if (!request.stream) return jsonAnswer(chatAnswer(chat(request), request.model));
      const events = chatEvents(chat(request), request.model, request.stream_options?.include_usage);
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(events) };
    },
    'POST /v1/audio/speech': (body) => {
      const { input } = JSON.parse(body.toString()) as { input: string };
      return { status: 200, headers: { 'content-type': 'audio/wav' }, body: speechWav(input) };
    },
    'POST /v1/audio/transcriptions': async (body, { headers }) => {
      const form = await new Response(Uint8Array.from(body), {
        headers: { 'content-type': headers['content-type'] ?? '' },
      }).formData();
      const seconds = wavSeconds(Buffer.from(await (form.get('file') as Blob).arrayBuffer()));
      const text = transcript(seconds);
      const verbose = form.get('response_format') === 'verbose_json';
      return jsonAnswer(verbose ? transcriptionAnswer(text, seconds) : { text });
    },
  };
}

if (require.main === module) {
  void startOpenAiServer({ port: Number(process.argv[2] ?? 0) }).then(({ url }) => {
    process.stdout.write(`${JSON.stringify({ url })}\n`);
  });
}
