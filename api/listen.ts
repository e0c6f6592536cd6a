/** The app on a port, with time limits that fit large uploads, and a stop that lets answers be finished. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerUnreadable } from './http/unreadable';

/** Node's own five minutes for a whole request are too short for a lecture over a slow line; `http/slow.ts` has the better rule. */
const REQUEST_MS = 6 * 3600 * 1000;
/** A client that sends and takes nothing for this long is gone; longer than the longest `?wait`. */
const SILENT_MS = 120_000;
/** Longer than proxies and clients keep a connection (60 s is common): who closes first must be they, or a request meets the end. */
const IDLE_MS = 75_000;
const HEADERS_MS = 30_000;
/** Before the port closes: who uses a connection now is told that this answer is its last. */
const LEAD_MS = 300;
/** Requests under way get this long when the process stops. */
const DRAIN_MS = 10_000;
const LOOK_MS = 50;

export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

interface Options {
  readonly host: string;
  readonly port: number;
  readonly leadMs?: number;
  readonly drainMs?: number;
}

/** Answers under way; once `last` was called, each is the last on its connection. */
function trackAnswers(server: Server): { last(): void } {
  const underWay = new Set<ServerResponse>();
  let isLast = false;
  const close = (res: ServerResponse) => void (res.headersSent || res.setHeader('Connection', 'close'));
  server.prependListener('request', (_req, res) => {
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
    if (isLast) close(res);
  });
  return {
    last() {
      isLast = true;
      underWay.forEach(close);
    },
  };
}

/** No request that was taken in is dropped, unless it needs longer than `drainMs`. */
async function drain(server: Server, { leadMs, drainMs }: { leadMs: number; drainMs: number }) {
  await sleep(leadMs);
  const closed = once(server, 'close');
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

export async function listen(
  app: RequestListener,
  { host, port, leadMs = LEAD_MS, drainMs = DRAIN_MS }: Options,
): Promise<Listening> {
  const server = createServer(
    { requestTimeout: REQUEST_MS, keepAliveTimeout: IDLE_MS, headersTimeout: HEADERS_MS },
    app,
  );
  const answers = trackAnswers(server);
  server.setTimeout(SILENT_MS);
  server.on('clientError', answerUnreadable);
  // Whoever expects what we do not know is answered like everybody (RFC 9110 §10.1.1 allows it).
  server.on('checkExpectation', app);
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async stop() {
      answers.last();
      await drain(server, { leadMs, drainMs });
    },
  };
}
