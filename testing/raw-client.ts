/** A client that sends a request as it is, also one that `fetch` would put right or refuse. */
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface RawRequest {
  readonly method: string;
  /** With its query, and not made tidy. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All of it; of a stream of events what came until the first one. */
  readonly body: Buffer;
}

export interface RawClient {
  send(request: RawRequest): Promise<RawAnswer>;
  close(): void;
}

function read(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const isStream = answer.headers['content-type']?.startsWith('text/event-stream');
  return new Promise((resolve, reject) => {
    const done = () => resolve(Buffer.concat(chunks));
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (isStream && chunk.includes('data:')) {
        done();
        answer.destroy();
      }
    });
    answer.once('end', done);
    answer.once('error', reject);
  });
}

/** What needs longer than `patienceMs` is an error. */
export function rawClient(base: string, patienceMs = 10_000): RawClient {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(base);
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const lines = headers.flatMap(([name, value]) => [name, value]);
        const length = body && !headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
        const all = [...lines, 'host', `${hostname}:${port}`, 'connection', 'keep-alive'];
        const asking = httpRequest({
          ...{ hostname, port, method, path, agent },
          headers: [...all, ...(length ? ['content-length', String(body.length)] : [])],
        });
        const late = new Error(`${method} ${path}: no answer within ${patienceMs} ms`);
        const timer = setTimeout(() => asking.destroy(late), patienceMs);
        asking.once('close', () => clearTimeout(timer));
        asking.once('error', reject);
        asking.once('response', (answer) => {
          const { statusCode: status = 0, headers: given } = answer;
          read(answer).then((bytes) => resolve({ status, headers: given, body: bytes }), reject);
        });
        asking.end(body);
      }),
    close: () => agent.destroy(),
  };
}
