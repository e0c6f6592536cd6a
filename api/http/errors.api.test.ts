/** Envelope and errors, on every route from the first request on. */
import { request as httpRequest } from 'node:http';
import { connectDb } from '../../prisma/client';
import { mountApi, type WorldApi } from '../../testing/api';
import { createWorld, type World } from '../../testing/world';

let world: World;
let api: WorldApi;

beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
});
afterAll(() => world.close());

interface Body {
  success: boolean;
  error: { code: string; message: string; details: Record<string, unknown> };
  meta: { timestamp: string; request_id: string };
}

async function ask(
  route: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: Body }> {
  const answer = await fetch(new URL(route, api.url), init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
}

const json = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
});

const ID = '0b1f4c1e-7a0d-4e55-9c3b-2f1f6a1d9b7c';

const CASES: readonly (readonly [
  what: string,
  status: number,
  code: string,
  route: string,
  init?: RequestInit,
])[] = [
  ['an unknown route', 404, 'NOT_FOUND', '/api/nothing'],
  ['a route outside /api', 404, 'NOT_FOUND', '/'],
  ['a malformed job id', 404, 'NOT_FOUND', '/api/jobs/7'],
  ['an unknown job id', 404, 'NOT_FOUND', `/api/jobs/${ID}`],
  ['an unknown content id', 404, 'NOT_FOUND', `/api/content/${ID}`],
  ['an unknown artifact id', 404, 'NOT_FOUND', `/api/artifacts/${ID}`],
  ['a URL that cannot be decoded', 400, 'BAD_REQUEST', '/api/jobs/%E0%A4%A'],
  ['malformed JSON', 400, 'MALFORMED_JSON', '/api/jobs', json('{"type":')],
  ['JSON that is no object', 400, 'MALFORMED_JSON', '/api/jobs', json('7')],
  ['no body', 400, 'NO_JSON_BODY', '/api/jobs', { method: 'POST' }],
  ['a body that is no JSON', 415, 'NO_JSON_BODY', '/api/jobs', json('a=b', { 'content-type': 'text/plain' })],
  ['a JSON body over a megabyte', 413, 'TOO_LARGE', '/api/jobs', json(`"${'a'.repeat(1_100_000)}"`)],
  [
    'an unknown charset',
    415,
    'UNSUPPORTED_CHARSET',
    '/api/jobs',
    json('{}', { 'content-type': 'application/json; charset=klingon' }),
  ],
  [
    'an unknown encoding',
    415,
    'UNSUPPORTED_ENCODING',
    '/api/jobs',
    json('{}', { 'content-encoding': 'zip' }),
  ],
  ['an Accept without JSON', 406, 'NOT_ACCEPTABLE', '/api/jobs', { headers: { accept: 'text/xml' } }],
  [
    'a version that is none',
    406,
    'NOT_ACCEPTABLE',
    '/api/jobs',
    { headers: { accept: 'application/vnd.lm.v9+json' } },
  ],
  ['an unknown job type', 422, 'INVALID_INPUT', '/api/jobs', json('{"type":"dance","input":{}}')],
  [
    'a callback, until there are webhooks',
    422,
    'INVALID_INPUT',
    '/api/jobs',
    json('{"type":"lesson","input":{},"callback_url":"https://example.org"}'),
  ],
  ['a version in the URL', 404, 'NOT_FOUND', '/api/v2/jobs'],
  ['a limit that is no number', 422, 'INVALID_INPUT', '/api/jobs?limit=many'],
  ['a limit out of bounds', 422, 'INVALID_INPUT', '/api/content?limit=0'],
  ['a cursor that is not ours', 422, 'INVALID_INPUT', '/api/jobs?cursor=abc'],
  ['a wait that is too long', 422, 'INVALID_INPUT', `/api/jobs/${ID}?wait=3600`],
  ['an id that is none in a list of ids', 422, 'INVALID_INPUT', '/api/jobs?ids=7'],
  ['an unknown status as a filter', 422, 'INVALID_INPUT', '/api/jobs?status=lost'],
];

test.each(CASES.map(([what, status, code, route, init = {}]) => ({ what, status, code, route, init })))(
  '$what is $status $code, with the cure',
  async ({ status, code, route, init }) => {
    const answer = await ask(route, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body).toEqual({
      success: false,
      error: {
        code,
        message: expect.any(String),
        details: expect.objectContaining({ hint: expect.any(String) }),
      },
      meta: {
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        request_id: answer.headers.get('x-request-id'),
      },
    });
    expect(api.problems).toEqual([]);
  },
);

test.each([
  ['DELETE', '/api/health', 'GET, HEAD, OPTIONS'],
  ['PUT', '/api/jobs', 'POST, GET, HEAD, OPTIONS'],
  ['PATCH', `/api/jobs/${ID}`, 'GET, HEAD, DELETE, OPTIONS'],
  ['GET', `/api/jobs/${ID}/cancel`, 'POST, OPTIONS'],
  ['GET', '/api/content/uploads', 'POST, OPTIONS'],
  ['POST', `/api/content/${ID}`, 'GET, HEAD, OPTIONS'],
  ['POST', `/api/artifacts/${ID}`, 'GET, HEAD, OPTIONS'],
  ['GET', '/api/transcribe/', 'POST, OPTIONS'],
  ['GET', '/api/transcribe/audio', 'POST, OPTIONS'],
  ['GET', '/api/tts/speech', 'POST, OPTIONS'],
  ['DELETE', '/api/presentations', 'POST, OPTIONS'],
])('%s %s is 405, and Allow says what there is', async (method, route, allow) => {
  const { status, headers, body } = await ask(route, { method });
  expect([status, headers.get('allow'), body.error.code]).toEqual([405, allow, 'METHOD_NOT_ALLOWED']);
  expect((await fetch(new URL(route, api.url), { method: 'OPTIONS' })).status).toBe(204);
});

test('every wrong field is listed, the first one by itself', async () => {
  const { body } = await ask('/api/jobs', json('{"type":7,"input":"x","title":""}'));
  expect(body.error.details).toMatchObject({ field: 'type' });
  expect(body.error.details['problems']).toEqual([
    { field: 'type', message: expect.stringContaining('transcribe') },
    { field: 'input', message: expect.any(String) },
    { field: 'title', message: expect.any(String) },
  ]);
});

test.each([['\\u0000'], ['\\ud800']])(
  'a text with %s cannot be stored, and is not our crash',
  async (escaped) => {
    const { status, body } = await ask('/api/tts/speech', json(`{"text":"a${escaped}b"}`));
    expect([status, body.error.details['field']]).toEqual([422, 'text']);
  },
);

test('the version of today may be asked for by name', async () => {
  const { status } = await ask('/api/jobs', { headers: { accept: 'application/vnd.lm.v1+json' } });
  expect(status).toBe(200);
});

test('a request id is kept when it is plain, and replaced when not', async () => {
  const kept = await ask('/api/nothing', { headers: { 'x-request-id': 'trace-7' } });
  expect([kept.headers.get('x-request-id'), kept.body.meta.request_id]).toEqual(['trace-7', 'trace-7']);
  const replaced = await ask('/api/nothing', { headers: { 'x-request-id': 'a b<script>' } });
  expect(replaced.body.meta.request_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('HEAD answers like GET, without a body', async () => {
  const answer = await fetch(new URL('/api/jobs', api.url), { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

test('a body that is broken off is no crash', async () => {
  const sent = httpRequest(new URL('/api/jobs', api.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '100' },
  });
  sent.on('error', () => undefined);
  sent.write('{"type"');
  await new Promise((resolve) => setTimeout(resolve, 100));
  sent.destroy();
  expect((await ask('/api/jobs')).status).toBe(200);
  expect(api.problems).toEqual([]);
});

test('a crash is 500 in the envelope, without its inside, and is logged', async () => {
  const broken = await mountApi(world, {
    reader: { ...api.deps.reader, read: fail, wait: fail },
  });
  async function fail(): Promise<never> {
    throw new Error('secret detail');
  }
  const { status, error } = await broken.call('GET', `/api/jobs/${ID}`);
  expect([status, error?.code]).toEqual([500, 'INTERNAL']);
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(broken.problems).toEqual([new Error('secret detail')]);
});

test('without the database it is 503, and says when to come again', async () => {
  const db = connectDb('postgresql://nobody@127.0.0.1:1/none');
  const away = await mountApi(world, { db });
  const { status, error, headers } = await away.call('GET', '/api/content');
  expect([status, error?.code, headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '5']);
  await db.$disconnect();
});
