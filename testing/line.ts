/** A way to a real server that can fall silent (connections stay open, nothing comes through) or be cut. */
import { once } from 'node:events';
import net from 'node:net';

export interface Line {
  /** Of the server, by this way. */
  readonly url: string;
  silence(): void;
  cut(): void;
  /** As it was; what was said meanwhile is lost. */
  restore(): void;
  close(): void;
}

type State = 'open' | 'silent' | 'cut';

/** `to` is a URL with a port. */
export async function createLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<net.Socket>();
  let state: State = 'open';
  const cutAll = () => sockets.forEach((socket) => socket.destroy());

  function carry(from: net.Socket, into: net.Socket): void {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', (bytes) => void (state === 'open' && into.write(bytes)));
    from.on('close', () => void (sockets.delete(from) && into.destroy()));
  }

  const server = net.createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = net.connect(Number(port), hostname);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(to);
  url.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  return {
    url: url.href,
    silence: () => void (state = 'silent'),
    restore: () => void (state = 'open'),
    cut() {
      state = 'cut';
      cutAll();
    },
    close() {
      server.close();
      cutAll();
    },
  };
}
