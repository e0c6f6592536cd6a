/** The service's WebSockets: synthesis and recognition, with what may go wrong in them. */
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { createSocketFaults, SocketFault } from './azure-faults';
import { jsonFrame, readMessage, type Frame, type Message } from './azure-protocol';
import { recognitionFrames, Refused, speechFrames } from './azure-speech';

export const KEY = 'a-key-of-azure-speech';

export const SPEAK = '/tts/cognitiveservices/websocket/v1';
/** A container's; the cloud has `/stt/speech/universal/v2`. */
export const LISTEN = '/speech/recognition/conversation/cognitiveservices/v1';
export const UNIVERSAL = '/stt/speech/universal/v2';

export const keyOf = ({ headers }: IncomingMessage, url: URL): string | undefined =>
  headers['ocp-apim-subscription-key']?.toString() ??
  url.searchParams.get('Ocp-Apim-Subscription-Key') ??
  undefined;

export function createUpgrade(sockets: ReturnType<typeof createSocketFaults>, heard: Message[]) {
  const accept = new WebSocketServer({ noServer: true });
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answers = ANSWERS[url.pathname];
    if (!answers) return refuse(request, socket, 404);
    if (keyOf(request, url) !== KEY) return refuse(request, socket, 401);
    const { fault, count } = sockets.next(url.pathname);
    if (fault?.kind === 'status') return refuse(request, socket, fault.status, fault.headers);
    if (fault?.kind === 'reset') return void (socket as Socket).resetAndDestroy();
    if (fault?.kind === 'delay') await hold(socket, fault.ms);
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

const ANSWERS: Readonly<Record<string, typeof speak>> = {
  [SPEAK]: speak,
  [LISTEN]: listen,
  [UNIVERSAL]: listen,
};

/** Read meanwhile, or it would not be seen that the caller hangs up. */
async function hold(socket: Duplex, ms: number): Promise<void> {
  const gone = () => socket.destroy();
  socket.once('end', gone).resume();
  await sleep(ms, undefined, { ref: false });
  socket.off('end', gone);
}

function refuse(
  request: IncomingMessage,
  socket: Duplex,
  status: number,
  headers: Record<string, string> = {},
): void {
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
      locale = (JSON.parse(body.toString()) as { languageId?: { languages: string[] } }).languageId
        ?.languages[0];
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
