import { z } from 'zod';
import { openApi } from '../api/docs/openapi';
import { pageSchema } from '../api/http/cursor';
import { endpoint, type Mounts } from '../api/http/endpoint';
import { contractOf, type Request, type Response } from './openapi-contract';

const thing = z.object({ id: z.uuid(), note: z.string().nullable() });
const rule = ['content', 'read'] as const;
const handle = () => undefined;
const answers = { 200: { description: 'It', data: thing }, 304: { description: 'Known' } };
const summary = 'Does it';

const MOUNTS: Mounts = {
  '/api/things': {
    '/': {
      get: endpoint({ summary, rule, handle, query: pageSchema, answers }),
      post: endpoint({
        ...{ summary, rule, handle, body: z.object({ size: z.number().int() }) },
        answers: { 201: { description: 'Made', data: thing } },
      }),
    },
    '/:id': { get: endpoint({ summary, rule, handle, answers }) },
    '/:id/file': {
      get: endpoint({
        ...{ summary, rule, handle },
        answers: { 200: { description: 'Its bytes', media_type: 'audio/mpeg' } },
      }),
    },
  },
};

const contract = contractOf(JSON.parse(JSON.stringify(openApi(MOUNTS, { version: '1' }))));

const ID = '0b1f4c1e-7a0d-4e55-9c3b-2f1f6a1d9b7c';
const meta = { timestamp: '2024-01-01T00:00:00.000Z', request_id: 'one' };
const headers = { 'x-request-id': 'one', 'content-type': 'application/json; charset=utf-8', etag: '"1"' };
const failure = (error: object) => JSON.stringify({ success: false, error, meta });
const success = (data: object) => JSON.stringify({ success: true, data, meta });
const GOOD = success({ id: ID, note: null });
const REFUSED = failure({ code: 'NOT_FOUND', message: 'None', details: { hint: 'Look', more: 1 } });

const found = (method: string, path: string) => contract.find(method, path);
const answered = (response: Partial<Response>, path = `/api/things/${ID}`, method = 'GET') =>
  contract.wrongInResponse(found(method, path), { status: 200, headers, text: GOOD, ...response });

it.each([
  ['GET', '/api/things', '/api/things'],
  ['HEAD', '/api/Things/', '/api/things'],
  ['GET', '/api/things/7', '/api/things/{id}'],
  ['GET', '/api/things/7/file', '/api/things/{id}/file'],
  ['PUT', '/api/things', undefined],
  ['GET', '/api/things/7/8', undefined],
  ['GET', '/api/thingsx', undefined],
])('%s %s is %s', (method, path, at) => {
  expect(found(method, path)?.path).toBe(at);
});

it.each<[string, Partial<Response>]>([
  ['as declared', {}],
  ['known', { status: 304, text: '' }],
  ['a refusal', { status: 404, text: REFUSED }],
  ['counted', { headers: { ...headers, 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': 0 } }],
  ['to a service', { headers: { ...headers, 'x-ratelimit-limit': 'unlimited' } }],
  ['without a body, to HEAD', { text: '' }],
])('an answer is right: %s', (_what, response) => {
  expect(answered(response)).toEqual([]);
});

it.each<[string, Partial<Response>, string]>([
  ['another status', { status: 202 }, '202 is not declared'],
  ['a field that is missing', { text: success({ id: ID }) }, 'note'],
  ['a field of another type', { text: success({ id: 'x', note: null }) }, 'uuid'],
  ['more than is declared', { text: success({ id: ID, note: null, secret: 1 }) }, 'secret'],
  ['more than the envelope', { text: GOOD.replace('{', '{"more":1,') }, 'more'],
  ['no envelope', { text: '{}' }, 'success'],
  ['another media type', { headers: { ...headers, 'content-type': 'text/html' } }, 'text/html'],
  ['no request id', { headers: { ...headers, 'x-request-id': undefined } }, 'X-Request-Id is missing'],
  ['no tag', { headers: { ...headers, etag: undefined } }, 'ETag is missing'],
  ['a limit that is none', { headers: { ...headers, 'x-ratelimit-limit': 'many' } }, 'X-RateLimit-Limit'],
  ['a body where none is', { status: 304 }, 'there is a body'],
  ['429 without a time', { status: 429, text: REFUSED }, 'Retry-After is missing'],
  [
    'a refusal without a hint',
    { status: 404, text: failure({ code: 'A', message: 'b', details: {} }) },
    'hint',
  ],
  [
    'a refusal with a code that is none',
    { status: 404, text: REFUSED.replace('NOT_FOUND', 'not found') },
    'pattern',
  ],
])('an answer is wrong: %s', (_what, response, problem) => {
  expect(answered(response).join()).toContain(problem);
});

it('holds what is no operation to the envelope too', () => {
  const at = (response: Partial<Response>) => answered(response, '/api/nothing');
  expect(at({ status: 404, text: REFUSED })).toEqual([]);
  expect(at({ status: 204, text: '' })).toEqual([]);
  expect(at({ status: 200 }).join()).toContain('200 where no operation is');
  expect(at({ status: 404, text: '{}' }).join()).toContain('success');
  expect(at({ status: 405, text: REFUSED })).toEqual(['header Allow is missing']);
});

it('lets files be of their type', () => {
  const typed = (type: string) => ({ headers: { ...headers, 'content-type': type }, text: '' });
  expect(answered(typed('audio/mpeg'), `/api/things/${ID}/file`)).toEqual([]);
  expect(answered(typed('video/mp4'), `/api/things/${ID}/file`).join()).toContain('video/mp4');
});

const asked = (method: string, path: string, request: Partial<Request>) =>
  contract.wrongInRequest(found(method, path)!, { query: '', headers: {}, body: undefined, ...request });

it('says what is wrong in a request that was taken', () => {
  expect(asked('GET', '/api/things', { query: 'limit=5&more=1' })).toEqual([]);
  expect(asked('GET', '/api/things', { query: 'limit=500' }).join()).toContain('query limit');
  expect(asked('GET', '/api/things', { query: 'limit=1&limit=2' }).join()).toContain('query limit');
  expect(asked('GET', '/api/things/7', {}).join()).toContain('path id');
  expect(asked('GET', `/api/things/${ID}`, {})).toEqual([]);
  expect(asked('POST', '/api/things', { body: { size: 1, more: 1 } })).toEqual([]);
  expect(asked('POST', '/api/things', { body: { size: '1' } }).join()).toContain('body/value/size');
  expect(asked('POST', '/api/things', {})).toEqual(['there is no body']);
  const long = { headers: { 'idempotency-key': 'x'.repeat(201) }, body: { size: 1 } };
  expect(asked('POST', '/api/things', long).join()).toContain('Idempotency-Key');
});
