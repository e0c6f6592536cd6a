/** The life of the HTTP process: what comes slowly, what is no HTTP, and an end that drops nothing. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener } from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { mountApi, type WorldApi } from '../testing/api';
import { createWorld, type World } from '../testing/world';
import { errorHandler } from './http/errors';
import { requestContext } from './http/request-context';
import { atAPace } from './http/slow';
import { listen, type Listening } from './listen';

const on = (app: RequestListener, over: object = {}): Promise<Listening> =>
  listen(app, { host: '127.0.0.1', port: 0, ...over });

/** Everything that comes until the server hangs up, which is a reset while we still send. */
async function untilClosed(socket: net.Socket): Promise<string> {
  const received: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => received.push(bytes)).on('error', () => undefined);
  await new Promise((closed) => socket.once('close', closed));
  return Buffer.concat(received).toString();
}

/** Everything that comes back for these bytes. */
function raw(url: string, bytes: string): Promise<string> {
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return untilClosed(socket);
}

describe('what is no HTTP', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await on(express());
  });
  afterAll(() => server.stop());

  test.each([
    ['a request that is none', 'HELLO\r\n\r\n', 400, 'BAD_REQUEST'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [
      'two lengths of one body',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ...([400, 'BAD_REQUEST'] as const),
    ],
  ])('%s is answered in the envelope', async (_what, bytes, status, code) => {
    const [head = '', body = ''] = (await raw(server.url, bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({
      ...{ success: false, error: { code, details: { hint: expect.any(String) } } },
      meta: { request_id: /X-Request-Id: (\S+)/.exec(head)?.[1] },
    });
  });
});

describe('a body that drips', () => {
  const pace = { graceMs: 200, bytesPerS: 1_000, everyMs: 20 };
  let server: Listening;
  beforeAll(async () => {
    const app = express().use(requestContext, atAPace(pace), express.json());
    app.post('/', (_req, res) => void res.json({}));
    app.post('/nowhere', (_req, res) => void res.status(404).json({}));
    app.use(errorHandler((error) => expect(error).toBeUndefined()));
    server = await on(app);
  });
  afterAll(() => server.stop());

  const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n';

  test('is refused, and the connection closed', async () => {
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(HEAD);
    const dripping = setInterval(() => socket.write(' '), 50);
    const answer = await untilClosed(socket);
    clearInterval(dripping);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"TOO_SLOW"');
    expect(answer).toMatch(/^Connection: close\r$/m);
  });

  test('is not waited for behind an answer that came early', async () => {
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(HEAD.replace('application/json', 'text/plain').replace('POST /', 'POST /nowhere'));
    const dripping = setInterval(() => socket.write(' '), 50);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 404 /);
    clearInterval(dripping);
  });

  test('and one that comes at a pace is taken, however long it is under way', async () => {
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(HEAD);
    for (let sent = 0; sent < 9; sent++) {
      socket.write(sent < 8 ? ' '.repeat(100) : `${' '.repeat(98)}{}`);
      await sleep(50);
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });
});

/** Asks without pause over a kept connection, as a balancer does, until an answer says it is the last. */
async function askOn(url: string, agent: Agent, ended: (number | undefined)[]): Promise<void> {
  for (;;) {
    const [res] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
    expect(await text(res)).toBe('{}');
    ended.push(res.statusCode);
    if (res.headers.connection === 'close') return;
  }
}

test('an end drops no request that was sent before the last answer on its connection', async () => {
  const app = express().get('/', (_req, res) => void setTimeout(() => res.json({}), 20));
  const server = await on(app);
  const agent = new Agent({ keepAlive: true });
  const ended: (number | undefined)[] = [];
  const asking = Array.from({ length: 20 }, () => askOn(server.url, agent, ended));
  await sleep(200);
  await Promise.all([server.stop(), ...asking]);
  expect(ended.length).toBeGreaterThan(100);
  expect(new Set(ended)).toEqual(new Set([200]));
  await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

test('what takes longer than there is patience is cut', async () => {
  const server = await on(express(), { leadMs: 0, drainMs: 100 });
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n');
  await once(socket, 'connect');
  socket.resume();
  const closed = once(socket, 'close');
  await server.stop();
  await closed;
});

describe('a process that is about to end', () => {
  let world: World;
  let api: WorldApi;
  const stopping = new AbortController();
  beforeAll(async () => {
    world = await createWorld();
    api = await mountApi(world, { stopping: stopping.signal });
  });
  afterAll(() => world.close());

  test('is alive, but not ready; who waits is answered, and new waits are short', async () => {
    const { id } = await world.db.jobs.create({
      data: {
        ...{ id: randomUUID(), owner_id: world.owner_id, type: 'embed', title: 'x', input: {} },
        ...{ status: 'queued', estimated_time: 1 },
      },
    });
    expect((await api.call('GET', '/api/health/ready')).status).toBe(200);
    const waiting = api.call('GET', `/api/jobs/${id}?wait=20`);
    const stream = await fetch(new URL(`/api/jobs/${id}/events`, api.url));
    await sleep(200);
    const began = Date.now();
    stopping.abort();
    expect([(await waiting).status, await stream.text()]).toEqual([
      200,
      expect.stringContaining('event: job'),
    ]);
    expect((await api.call('GET', `/api/jobs/${id}?wait=20`)).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(10_000);

    expect((await api.call('GET', '/api/health/live')).status).toBe(200);
    const { status, error, headers } = await api.call('GET', '/api/health/ready');
    expect([status, error?.code, headers.get('retry-after')]).toEqual([503, 'DOWN', '5']);
  });

  test('without the database it is not ready', async () => {
    const postgres = () => Promise.reject(new Error('away'));
    const away = await mountApi(world, { probes: { ...api.deps.probes, postgres } });
    expect((await away.call('GET', '/api/health/ready')).status).toBe(503);
    expect((await away.call('GET', '/api/health/live')).status).toBe(200);
  });
});
