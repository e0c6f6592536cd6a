import { randomInt } from 'node:crypto';
import net from 'node:net';
import type { Ports } from './part';

const LOOPBACK = '127.0.0.1';

/** The port itself (for 0 the one that was assigned), or nothing when it is taken. */
export function tryPort(port: number, host = LOOPBACK): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/**
 * Where ports are drawn: below the range from which systems take those of outgoing connections (from
 * 32768 on Linux), one of which could else be on a port between its choice and its listener.
 */
const DRAWN = { from: 20_000, below: 32_768 };

/** Hands out each port once, since a port just chosen is not yet listened on. */
export class PortChooser {
  private readonly given = new Set<number>();

  /** The preferred port, or another when it is taken; for 0 any. */
  async choose(preferred: number): Promise<number> {
    const port = preferred === 0 ? randomInt(DRAWN.from, DRAWN.below) : preferred;
    const free = await tryPort(port);
    if (free === undefined || this.given.has(port)) return this.choose(0);
    this.given.add(port);
    return port;
  }

  async chooseAll(preferred: Ports): Promise<Ports> {
    const main = await this.choose(preferred.main);
    return preferred.ui === undefined ? { main } : { main, ui: await this.choose(preferred.ui) };
  }
}

export async function allFree(ports: Ports): Promise<boolean> {
  const wanted = [ports.main, ports.ui].filter((port) => port !== undefined);
  const free = await Promise.all(wanted.map((port) => tryPort(port)));
  return free.every((port) => port !== undefined);
}

/** Rejects with the reason when nothing listens: cheaper than a driver's own connection attempt. */
export function knock(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: LOOPBACK });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
