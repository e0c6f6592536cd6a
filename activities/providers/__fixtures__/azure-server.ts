/**
 * Stands in for Azure Speech: synthesis and recognition over WebSockets, batch transcription over REST.
 * As a program, `node azure-server.js [PORT]` prints a JSON line with its URL.
 * `POST /__faults` replaces the script and `GET /__calls` reads the counts, for tests that kill processes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createBatch, type BatchOptions, type BatchRequest } from './azure-batch';
import { createSocketFaults, type SocketFaultScript } from './azure-faults';
import type { Message } from './azure-protocol';
import { createUpgrade, KEY, keyOf, LISTEN, SPEAK, UNIVERSAL } from './azure-sockets';
import { createFaults, send, sendWith, type CallCounts, type FaultScript } from './faults';
import { jsonAnswer, listenOn, type VendorServer } from './vendor-server';

export interface AzureServer extends VendorServer {
  /** By path; WebSockets know some faults more than HTTP. */
  faults(script: FaultScript | SocketFaultScript): void;
  /** The text messages of every connection, in the order in which they came. */
  heard(): readonly Message[];
  /** What is to be transcribed in batches, as it was asked for. */
  submitted(): readonly BatchRequest[];
  /** Connections that are open. */
  open(): number;
}

export interface AzureServerOptions extends BatchOptions {
  readonly port?: number;
}

export async function startAzureServer({
  port = 0,
  ...options
}: AzureServerOptions = {}): Promise<AzureServer> {
  const rest = createFaults();
  const sockets = createSocketFaults([SPEAK, LISTEN, UNIVERSAL]);
  const batch = createBatch(options);
  const heard: Message[] = [];
  const upgrade = createUpgrade(sockets, heard);
  const calls = (): Record<string, CallCounts> => ({ ...rest.calls(), ...sockets.calls() });
  const faults = (script: object) => rest.replace(sockets.replace({ ...script }));

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const body = await bodyOf(request);
    if (url.pathname === '/__calls') return send(response, jsonAnswer(calls()));
    if (url.pathname === '/__faults') {
      faults(JSON.parse(body.toString()) as object);
      return send(response, jsonAnswer({ ok: true }));
    }
    const isResult = url.pathname.startsWith('/results/');
    // A result is opened by its address alone, and whoever keeps it has no business with the key.
    if (isResult === (keyOf(request, url) !== undefined))
      return send(response, jsonAnswer({ error: 'key' }, 400));
    if (!isResult && keyOf(request, url) !== KEY)
      return send(response, jsonAnswer({ error: { code: '401', message: 'Access denied.' } }, 401));
    const fault = rest.next(url.pathname.replace(/[\w-]{36}/, ':id'), response);
    const answer = await batch.answer(request.method ?? 'GET', url, body);
    await sendWith(fault, response, answer ?? jsonAnswer({ error: { message: 'no route' } }, 404));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400);
      response.end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  let open = 0;
  server.on('connection', (socket) => {
    open++;
    socket.on('close', () => open--);
  });
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
  const place = await listenOn(server, port);
  const submitted = () => batch.submitted;
  return { ...place, calls, faults, submitted, heard: () => heard, open: () => open };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

if (require.main === module) {
  void startAzureServer({ port: Number(process.argv[2] ?? 0) }).then(({ url }) => {
    process.stdout.write(`${JSON.stringify({ url })}\n`);
  });
}
