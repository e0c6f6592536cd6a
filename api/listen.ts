/** The app on a port, with time limits that fit large uploads, and a stop that lets answers be finished. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Node's own five minutes for a whole request are too short for a lecture over a slow line. */
const REQUEST_MS = 6 * 3600 * 1000;
/** A client that sends and takes nothing for this long is gone; longer than the longest `?wait`. */
const SILENT_MS = 120_000;
/** Longer than proxies and clients keep a connection (60 s is common): who closes first must be they, or a request meets the end. */
const IDLE_MS = 75_000;
/** Requests under way get this long when the process stops. */
const DRAIN_MS = 3_000;

export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

export async function listen(
  app: RequestListener,
  { host, port, drainMs = DRAIN_MS }: { host: string; port: number; drainMs?: number },
): Promise<Listening> {
  const server = createServer(
    { requestTimeout: REQUEST_MS, keepAliveTimeout: IDLE_MS, headersTimeout: IDLE_MS + 5_000 },
    app,
  );
  server.setTimeout(SILENT_MS);
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
