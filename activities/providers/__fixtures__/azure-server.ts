/**
 * Stands in for Azure Speech: synthesis and recognition over WebSockets, batch transcription over REST.
 * As a program, `node azure-server.js [PORT]` prints a JSON line with its URL.
 * `POST /__faults` replaces the script and `GET /__calls` reads the counts, for tests that kill processes.
 */
import { once } from 'node:events';
import { createServer, ServerResponse, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { createBatch, type BatchOptions } from './azure-batch';
import { createSocketFaults, type SocketFault, type SocketFaultScript } from './azure-faults';
import { jsonFrame, readMessage, type Frame, type Message } from './azure-protocol';
import { recognitionFrames, Refused, speechFrames } from './azure-speech';
import { createFaults, send, sendWith, type CallCounts, type FaultScript } from './faults';
import { jsonAnswer, type VendorServer } from './vendor-server';

export const KEY = 'a-key-of-azure-speech';

export const SPEAK = '/tts/cognitiveservices/websocket/v1';
/** A container's; the cloud has `/stt/speech/universal/v2`. */
export const LISTEN = '/speech/recognition/conversation/cognitiveservices/v1';
const UNIVERSAL = '/stt/speech/universal/v2';

export interface AzureServer extends VendorServer {
  /** By path; WebSockets know some faults more than HTTP. */
  faults(script: FaultScript | SocketFaultScript): void;
  /** The text messages of every connection, in the order in which they came. */
  heard(): readonly Message[];
  /** Connections that are open. */
  open(): number;
}

export interface AzureServerOptions extends BatchOptions {
  readonly port?: number;
}

export async function startAzureServer({ port = 0, ...options }: AzureServerOptions = {}): Promise<AzureServer> {
  const rest = createFaults();
  const sockets = createSocketFaults([SPEAK, LISTEN, UNIVERSAL]);
  const batch = createBatch(options);
  const heard: Message[] = [];
  const connections = new Set<Duplex>();
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
    if (isResult === (keyOf(request, url) !== undefined)) return send(response, jsonAnswer({ error: 'key' }, 400));
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
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of connections) socket.destroy();
    await closed;
  };
  return { url, calls, faults, close, heard: () => heard, open: () => connections.size };
}

const keyOf = ({ headers }: IncomingMessage, url: URL): string | undefined =>
  headers['ocp-apim-subscription-key']?.toString() ??
  url.searchParams.get('Ocp-Apim-Subscription-Key') ??
  undefined;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function createUpgrade(sockets: ReturnType<typeof createSocketFaults>, heard: Message[]) {
  const accept = new WebSocketServer({ noServer: true });
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answers = url.pathname === SPEAK ? speak : url.pathname === LISTEN || url.pathname === UNIVERSAL ? listen : null;
    if (!answers) return refuse(request, socket, 404);
    if (keyOf(request, url) !== KEY) return refuse(request, socket, 401);
    const { fault, count } = sockets.next(url.pathname);
    if (fault?.kind === 'status') return refuse(request, socket, fault.status, fault.headers);
    if (fault?.kind === 'reset') return void (socket as Socket).resetAndDestroy();
    // Read meanwhile, or it would not be seen that the caller hangs up.
    if (fault?.kind === 'delay') await sleep(fault.ms, socket.resume());
    if (socket.destroyed) return void count.aborted++;
    accept.handleUpgrade(request, socket, head, (webSocket) => {
      let isOver = false;
      const over = (isAnswered: boolean) => {
        if (!isOver) count.answered += isAnswered ? 1 : 0;
        isOver = true;
      };
      webSocket.on('error', () => undefined);
      webSocket.on('close', () => void (isOver || count.aborted++));
      answers(webSocket, { fault, heard, over, url });
    });
  };
}

function refuse(request: IncomingMessage, socket: Duplex, status: number, headers: Record<string, string> = {}): void {
  const response = new ServerResponse(request);
  response.assignSocket(socket as Socket);
  response.on('finish', () => socket.end());
  response.writeHead(status, { connection: 'close', ...headers }).end();
}

interface Turn {
  readonly fault: SocketFault | undefined;
  readonly heard: Message[];
  /** The answer has ended, as it should or by a fault. */
  readonly over: (isAnswered: boolean) => void;
  readonly url: URL;
}

function speak(webSocket: WebSocket, turn: Turn): void {
  webSocket.on('message', (data: Buffer, isBinary) => {
    const message = readMessage(data, isBinary);
    turn.heard.push(message);
    if (message.path !== 'ssml') return;
    const options = { requestId: message.requestId, isShort: turn.fault?.kind === 'short' };
    void play(webSocket, turn, () => speechFrames(message.body.toString(), options));
  });
}

const WAV_HEADER_BYTES = 44;
const BYTES_PER_SECOND = 32_000;

function listen(webSocket: WebSocket, turn: Turn): void {
  let bytes = -WAV_HEADER_BYTES;
  let locale: string | undefined;
  webSocket.on('message', (data: Buffer, isBinary) => {
    const { path, requestId, body } = readMessage(data, isBinary);
    if (!isBinary) turn.heard.push({ path, requestId, body });
    if (path === 'speech.context')
      locale = (JSON.parse(body.toString()) as { languageId?: { languages: string[] } }).languageId?.languages[0];
    if (path !== 'audio') return;
    if (bytes < 0 && turn.fault?.kind !== 'hang' && turn.fault?.kind !== 'garbage')
      webSocket.send(jsonFrame('turn.start', requestId, { context: { serviceTag: 'fixture' } }));
    bytes += body.length;
    if (body.length > 0) return;
    void play(webSocket, turn, () => recognitionFrames(bytes / BYTES_PER_SECOND, requestId, locale));
  });
}

async function play(webSocket: WebSocket, { fault, over }: Turn, answer: () => Frame[]): Promise<void> {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'garbage') return webSocket.send(fault.text);
  try {
    const frames = answer();
    const isCut = fault?.kind === 'truncate' || fault?.kind === 'close';
    await sendAll(webSocket, frames.slice(0, isCut ? frames.length / 2 : undefined), fault);
    // Who hung up meanwhile has not been answered.
    if (webSocket.readyState !== webSocket.OPEN) return;
    over(!isCut);
    if (fault?.kind === 'truncate') webSocket.terminate();
    if (fault?.kind === 'close') webSocket.close(fault.code, fault.reason);
  } catch (error) {
    over(false);
    webSocket.close(error instanceof Refused ? error.code : 1011, String(error).slice(0, 100));
  }
}

async function sendAll(webSocket: WebSocket, frames: readonly Frame[], fault: SocketFault | undefined) {
  for (const frame of frames) {
    if (fault?.kind === 'slow') await sleep(fault.ms / frames.length);
    if (webSocket.readyState !== webSocket.OPEN) return;
    webSocket.send(frame);
  }
}

if (require.main === module) {
  void startAzureServer({ port: Number(process.argv[2] ?? 0) }).then(({ url }) => {
    process.stdout.write(`${JSON.stringify({ url })}\n`);
  });
}
