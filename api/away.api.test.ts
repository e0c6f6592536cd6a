/** Each server we lean on is silent, the worst way to be away: nobody hangs, and what can go on goes on. */
import { Client, Connection } from '@temporalio/client';
import { connectDb } from '../prisma/client';
import { mountApi, type WorldApi } from '../testing/api';
import { createLine, type Line } from '../testing/line';
import { createWorld, serverUrls, type World } from '../testing/world';
import { createJobEngine } from './jobs/temporal';

const PATIENCE_MS = 10_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function lineTo(url: string): Promise<Line> {
  const line = await createLine(url);
  world.onClose(async () => line.close());
  return line;
}

/** Every answer within the patience, however it turned out. */
async function inTime(asked: readonly Promise<{ status: number; code: string | undefined }>[]) {
  const began = Date.now();
  const answers = await Promise.all(asked);
  expect(Date.now() - began).toBeLessThan(PATIENCE_MS);
  return answers;
}

const ask = async (api: WorldApi, method: string, path: string, body?: object) => {
  const { status, error, headers } = await api.call(method, path, body);
  if (status === 503) expect(headers.get('retry-after')).toBe('5');
  return { status, code: error?.code };
};

const upload = async (api: WorldApi) => {
  const form = new FormData();
  form.set('file', new Blob(['Plates move.']), 'plates.txt');
  const { status } = await fetch(new URL('/api/content/uploads', api.url), { method: 'POST', body: form });
  return { status, code: undefined };
};

test('the database: 503 and when to come again, on every route', async () => {
  const line = await lineTo(world.databaseUrl);
  const db = connectDb(line.url, { statementMs: 4_000 });
  world.onClose(() => db.$disconnect());
  const api = await mountApi(world, { db, redis: serverUrls().redis });
  expect(await ask(api, 'GET', '/api/jobs')).toMatchObject({ status: 200 });
  const id = world.owner_id;

  line.silence();
  const answers = await inTime([
    ...[`/api/jobs/${id}`, '/api/jobs', '/api/content', `/api/content/${id}`, `/api/artifacts/${id}`].map(
      (path) => ask(api, 'GET', path),
    ),
    ask(api, 'POST', '/api/tts/speech', { text: 'Plates move.', idempotency_key: 'one' }),
    ask(api, 'POST', '/api/tts/speech', { text: 'Plates move.' }),
    ask(api, 'POST', `/api/jobs/${id}/cancel`),
    ask(api, 'GET', '/api/auth/sessions'),
    upload(api),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  expect(await ask(api, 'GET', '/api/health/live')).toMatchObject({ status: 200 });

  line.restore();
  line.cut();
  line.restore();
  expect(await ask(api, 'GET', '/api/jobs')).toMatchObject({ status: 200 });
  // The file of the upload could not be taken away, for nobody knew whether it was another's too.
  expect(api.problems).toEqual([expect.objectContaining({ code: 'P2028' })]);
});

test('Temporal: jobs are taken in and wait, what is known is read, what needs it is 503', async () => {
  const line = await lineTo(`http://${serverUrls().temporal}`);
  const connection = await Connection.connect({ address: new URL(line.url).host });
  world.onClose(() => connection.close());
  const engine = createJobEngine({ client: new Client({ connection }), queue: world.queue });
  const api = await mountApi(world, { engine });
  const started = await api.call<{ job_id: string }>('POST', '/api/tts/speech', { text: 'Plates move.' });
  const job = `/api/jobs/${started.data.job_id}`;

  line.silence();
  const answers = await inTime([
    ask(api, 'POST', '/api/tts/speech', { text: 'Plates move on.' }),
    ask(api, 'GET', job),
    ask(api, 'GET', '/api/jobs'),
    ask(api, 'POST', `${job}/pause`),
  ]);
  expect(answers).toEqual([
    { status: 202, code: undefined },
    { status: 200, code: undefined },
    { status: 200, code: undefined },
    { status: 503, code: 'UNAVAILABLE' },
  ]);
  expect(await inTime([ask(api, 'POST', `${job}/cancel`)])).toEqual([{ status: 202, code: undefined }]);
});

test('Redis: nothing fails', async () => {
  const line = await lineTo(serverUrls().redis);
  const api = await mountApi(world, { redis: line.url });
  expect(await ask(api, 'GET', '/api/auth/me')).toMatchObject({ status: 200 });

  line.silence();
  const answers = await inTime([
    ask(api, 'GET', '/api/auth/me'),
    ask(api, 'GET', '/api/content'),
    ask(api, 'POST', '/api/tts/speech', { text: 'Plates move.' }),
    ask(api, 'PATCH', '/api/auth/me', { name: 'Ada' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 202, 200]);
  expect(api.problems).toEqual([]);
});
