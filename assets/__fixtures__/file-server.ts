import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** `Range` of each request, or undefined. */
  readonly ranges: (string | undefined)[];
}

export async function startServer(handler: Handler): Promise<FileServer> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/file.bin`,
    ranges,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Serves `content`, or the range asked for; cuts each connection after `cutAfter` bytes. */
export function serveContent(content: Buffer, { cutAfter = Infinity } = {}): Handler {
  return (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= content.length) return void response.writeHead(416).end();
    const rest = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length });
    if (rest.length <= cutAfter) return void response.end(rest);
    // Give the bytes time to leave before the connection is cut.
    response.write(rest.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
  };
}

export function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** An address where nobody listens. */
export async function closedUrl(): Promise<string> {
  await using server = await startServer(() => undefined);
  return server.url;
}
