import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { ChromaClient } from 'chromadb';
import { serverUrls } from '../testing/world';
import { chromaVectors, type VectorRecord } from './vectors';

const url = () => serverUrls().chroma;
const name = `test-${randomUUID()}`;

const recordsOf = (content_id: string, count: number, text = 'text'): VectorRecord[] =>
  Array.from({ length: count }, (_record, index) => ({
    id: `${content_id}#${index}`,
    vector: [index + 1, 1, 0, 0],
    text: `${text} ${index}`,
    metadata: { content_id, owner: 'owner', kind: 'text' },
  }));

const idsOf = (records: readonly VectorRecord[]): string[] => records.map((record) => record.id).sort();

const sorted = async (ids: Promise<string[]>): Promise<string[]> => (await ids).sort();

const vectors = chromaVectors(process.env['LM_TEST_SERVERS'] ? url() : 'http://127.0.0.1:1', name);

const rawCollection = async () => {
  const { hostname: host, port } = new URL(url());
  const quiet = { generate: async (): Promise<number[][]> => [] };
  return new ChromaClient({ host, port: Number(port) }).getCollection({ name, embeddingFunction: quiet });
};

afterAll(async () => {
  const { hostname: host, port } = new URL(url());
  await new ChromaClient({ host, port: Number(port) }).deleteCollection({ name });
});

test('the same call twice leaves the same set', async () => {
  const records = recordsOf('twice', 5);
  await vectors.replace('twice', records);
  await vectors.replace('twice', records);
  expect(await sorted(vectors.idsOf('twice'))).toEqual(idsOf(records));
});

test('a shorter set leaves nothing stale, and what stays is the new one', async () => {
  await vectors.replace('shrinking', recordsOf('shrinking', 6, 'old'));
  const records = recordsOf('shrinking', 2, 'new');
  await vectors.replace('shrinking', records);
  expect(await sorted(vectors.idsOf('shrinking'))).toEqual(idsOf(records));
  const found = await (await rawCollection()).get({ where: { content_id: 'shrinking' } });
  expect([...found.documents].sort()).toEqual(['new 0', 'new 1']);
  expect(found.metadatas[0]).toEqual({ content_id: 'shrinking', owner: 'owner', kind: 'text' });
});

test('two contents do not touch, even when one goes altogether', async () => {
  await Promise.all([
    vectors.replace('one', recordsOf('one', 3)),
    vectors.replace('other', recordsOf('other', 4)),
  ]);
  const before = await vectors.count();
  await vectors.replace('one', []);
  expect(await vectors.idsOf('one')).toEqual([]);
  expect(await vectors.idsOf('other')).toHaveLength(4);
  expect(await vectors.count()).toBe(before - 3);
});

test('takes more than one batch, and drops more than one', async () => {
  const records = recordsOf('long', 2_500);
  await vectors.replace('long', records);
  expect(await sorted(vectors.idsOf('long'))).toEqual(idsOf(records));
  await vectors.replace('long', records.slice(0, 1));
  expect(await vectors.idsOf('long')).toEqual(['long#0']);
});

test('measures by the angle', async () => {
  await vectors.replace('angle', recordsOf('angle', 50));
  const near = await (
    await rawCollection()
  ).query({ queryEmbeddings: [[0.5, 0.01, 0, 0]], where: { content_id: 'angle' }, nResults: 1 });
  expect(near.ids[0]).toEqual(['angle#49']);
});

/** The real server behind a port that opens later. */
async function forward(port: number): Promise<Server> {
  const target = new URL(url());
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a server that was away is tried anew with the next call', async () => {
  const reserved = await forward(0);
  const { port } = reserved.address() as AddressInfo;
  reserved.close();
  const late = chromaVectors(`http://127.0.0.1:${port}`, name);
  await expect(late.count()).rejects.toThrow();
  const server = await forward(port);
  expect(await late.count()).toBeGreaterThan(0);
  server.close();
});
