/**
 * A real HTTP server that stands in for a vendor: answers by route, injects faults from a script, counts calls.
 * `POST /__faults` replaces the script and `GET /__calls` reads the counts, for tests that kill processes.
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

export interface VendorServer {
  url: string;
  calls(): Record<string, CallCounts>;
  /** Replaces the whole script; `{}` heals the server. */
  faults(script: FaultScript): void;
  close(): Promise<void>;
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
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, calls: faults.calls, faults: faults.replace, close: () => stop(server) };
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
