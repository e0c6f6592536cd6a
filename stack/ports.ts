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

/** Hands out each port once, since a port just chosen is not yet listened on. */
export class PortChooser {
  private readonly given = new Set<number>();

  async choose(preferred: number): Promise<number> {
    const port = this.given.has(preferred) ? undefined : await tryPort(preferred);
    if (port === undefined || this.given.has(port)) return this.choose(0);
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
