/**
 * A real HTTP server that speaks the OpenAI-compatible API, injects faults from a script and counts calls.
 * In process: `startOpenAiServer()`. For tests that kill processes: `node openai-server.js [PORT]` prints one
 * JSON line with its URL; `POST /__faults` replaces the script, `GET /__calls` reads the counts.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createFaults,
  send,
  sendWith,
  type Answer,
  type CallCounts,
  type Faults,
  type FaultScript,
} from './faults';
import {
  chatAnswer,
  chatText,
  lectureText,
  speechWav,
  transcriptionAnswer,
  wavSeconds,
  type ChatRequest,
} from './openai-answers';

export interface OpenAiServerOptions {
  /** 0 takes a free one. */
  port?: number;
  chat?: (request: ChatRequest) => string;
  transcript?: (seconds: number) => string;
}

export interface OpenAiServer {
  url: string;
  /** What the adapter's settings take. */
  baseUrl: string;
  calls(): Record<string, CallCounts>;
  /** Replaces the whole script; `{}` heals the server. */
  faults(script: FaultScript): void;
  close(): Promise<void>;
}

export async function startOpenAiServer(options: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const faults = createFaults();
  const routes = createRoutes(options);
  const server = createServer((request, response) => {
    serve(faults, routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400);
      response.end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    baseUrl: `${url}/v1`,
    calls: faults.calls,
    faults: faults.replace,
    close: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function serve(faults: Faults, routes: Routes, request: IncomingMessage, response: ServerResponse) {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const body = await bodyOf(request);
  if (path === '/__calls') return send(response, jsonAnswer(faults.calls()));
  if (path === '/__faults') {
    faults.replace(JSON.parse(body.toString()));
    return send(response, jsonAnswer({ ok: true }));
  }
  const route = routes[`${request.method} ${path}`];
  if (!route) return send(response, jsonAnswer({ error: { message: `no route ${path}` } }, 404));
  const fault = faults.next(path, response);
  await sendWith(fault, response, await route(body, request.headers['content-type'] ?? ''));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function jsonAnswer(value: unknown, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

type Routes = Record<string, (body: Buffer, contentType: string) => Answer | Promise<Answer>>;

function createRoutes({ chat = chatText, transcript = lectureText }: OpenAiServerOptions): Routes {
  return {
    'GET /v1/models': () => jsonAnswer({ object: 'list', data: [{ id: 'fixture', object: 'model' }] }),
    'POST /v1/chat/completions': (body) => {
      const request = JSON.parse(body.toString()) as ChatRequest & { model: string };
      return jsonAnswer(chatAnswer(chat(request), request.model));
    },
    'POST /v1/audio/speech': (body) => {
      const { input } = JSON.parse(body.toString()) as { input: string };
      return { status: 200, headers: { 'content-type': 'audio/wav' }, body: speechWav(input) };
    },
    'POST /v1/audio/transcriptions': async (body, contentType) => {
      const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
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
