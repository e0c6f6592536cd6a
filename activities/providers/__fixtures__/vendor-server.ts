/**
 * A real HTTP server that stands in for a vendor: answers by route, injects faults from a script, counts calls.
 * `POST /__faults` replaces the script and `GET /__calls` reads the counts, for tests that kill processes.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  createFaults,
  send,
  sendWith,
  type Answer,
  type CallCounts,
  type Faults,
  type FaultScript,
} from './faults';

/** A server's place on the network. */
export interface Listener {
  readonly url: string;
  /** Cuts every connection; whoever comes from now on finds no listener. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  /** Refuses for good; may come after `refuse`. */
  close(): Promise<void>;
}

export interface VendorServer extends Listener {
  calls(): Record<string, CallCounts>;
  /** Replaces the whole script; `{}` heals the server. */
  faults(script: FaultScript): void;
}

export type Route = (body: Buffer, request: IncomingMessage) => Answer | Promise<Answer>;

/** By method and path: `POST /v1/chat/completions`. */
export type Routes = Readonly<Record<string, Route>>;

/** `port` 0 takes a free one. */
export async function startVendorServer(routes: Routes, port = 0): Promise<VendorServer> {
  const faults = createFaults();
  const server = createServer((request, response) => {
    serve(faults, routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400);
      response.end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  return { ...(await listenOn(server, port)), calls: faults.calls, faults: faults.replace };
}

/** Sockets are kept by hand: those that were upgraded are no longer the HTTP server's to close. */
export async function listenOn(server: Server, port = 0): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = async (on: number) => {
    server.listen(on, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const refuse = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const taken = await listen(port);
  return {
    url: `http://127.0.0.1:${taken}`,
    refuse,
    accept: async () => void (await listen(taken)),
    close: refuse,
  };
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
  await sendWith(fault, response, await route(body, request));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  };
}
