import { z } from 'zod';
import type { Rule } from '../../domain/access';
import { contracts } from '../../workflows/contracts';
import { artifactRoutes } from '../artifacts/routes';
import { contentRoutes } from '../content/routes';
import { tokensSchema } from '../auth/schemas';
import { uploadFieldsSchema } from '../content/schemas';
import { pageOf, pageSchema } from '../http/cursor';
import type { Deprecated } from '../http/deprecation';
import { endpoint, type Answer, type Mounts } from '../http/endpoint';
import { jobRoutes } from '../jobs/routes';
import { acceptedSchema, newJobSchema } from '../jobs/schemas';
import { healthRoutes } from '../ops/routes';
import { transcribeRoutes } from '../transcribe/routes';
import { openApi } from './openapi';

const thing = z.object({
  id: z.uuid(),
  size: z.number().int(),
  kind: z.enum(['new', 'old']).default('new').describe('Its age'),
  note: z.string().nullable(),
});

const OK = { 200: { description: 'It' } };

interface Declared {
  readonly rule?: Rule;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly form?: true;
  readonly deprecated?: Deprecated;
  readonly answers?: Readonly<Record<number, Answer>>;
}

const route = ({ rule = ['content', 'read'], answers = OK, ...rest }: Declared = {}) =>
  endpoint<z.ZodType, z.ZodType>({
    ...{ summary: 'Does it', rule, answers },
    ...rest,
    handle: () => undefined,
  });

const inPathOrQuery = (operation: Json) =>
  list(operation.parameters).filter((one: Json) => ['path', 'query'].includes(one.in));

const namesOfParameters = (operation: Json) => list(operation.parameters).map((one: Json) => one.name);

/** As a client gets it. */
const documentOf = (mounts: Mounts) => JSON.parse(JSON.stringify(openApi(mounts, { version: '1.2.3' })));

const get = (declared?: Declared) =>
  documentOf({ '/api/things': { '/': { get: route(declared) } } }).paths['/api/things'].get;

const post = (declared?: Declared) =>
  documentOf({ '/api/things': { '/': { post: route(declared) } } }).paths['/api/things'].post;

const KEYWORDS = [
  ...[
    '$ref',
    'type',
    'properties',
    'required',
    'additionalProperties',
    'propertyNames',
    'items',
    'prefixItems',
  ],
  ...['anyOf', 'oneOf', 'allOf', 'not', 'enum', 'const', 'default', 'format', 'pattern', 'description'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...[
    'minItems',
    'maxItems',
    'contentMediaType',
    'contentEncoding',
    'title',
    'examples',
    'deprecated',
    'readOnly',
  ],
];

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** Whatever is in a document; lists may be absent. */
type Json = ReturnType<typeof JSON.parse>;
const list = (value: Json): Json[] => value ?? [];

/** Every schema in a schema, itself included. */
function schemasIn(schema: Json): Json[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items, prefixItems, additionalProperties, propertyNames, not } = schema;
  const inner = [...Object.values(properties), items, additionalProperties, propertyNames, not];
  const branches = [schema.anyOf, schema.oneOf, schema.allOf, prefixItems].flatMap((branch) => list(branch));
  return [schema, ...[...inner, ...branches].flatMap(schemasIn)];
}

function schemaProblems(schema: Json): string[] {
  return schemasIn(schema).flatMap((one) => [
    ...Object.keys(one).flatMap((key) => (KEYWORDS.includes(key) ? [] : [`keyword ${key}`])),
    ...[one.type ?? []].flat().flatMap((type: string) => (TYPES.includes(type) ? [] : [`type ${type}`])),
    ...list(one.required).flatMap((name: string) => (one.properties?.[name] ? [] : [`required ${name}`])),
  ]);
}

function valuesAt(key: string, node: Json): Json[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesAt(key, value),
  ]);
}

const resolve = (document: Json, ref: string) =>
  ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key], document);

const twice = (list: readonly string[]) => list.filter((one, at) => list.indexOf(one) !== at);

function operationProblems(document: Json, path: string, [method, operation]: [string, Json]): string[] {
  const { operationId, parameters, responses, security, tags, requestBody } = operation;
  const templates = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const inPath = list(parameters).filter((one: Json) => one.in === 'path');
  const bodies = [requestBody, ...Object.values<Json>(responses)].flatMap((one) =>
    Object.entries<Json>(one?.content ?? {}),
  );
  return [
    ...(/^[a-z]\w*$/.test(operationId) ? [] : [`operationId ${operationId}`]),
    ...(String(inPath.map((one: Json) => one.name)) === String(templates) ? [] : ['path parameters']),
    ...inPath.flatMap((one: Json) => (one.required === true ? [] : [`${one.name} is optional`])),
    ...twice(list(parameters).map((one: Json) => `${one.in} ${one.name}`)).map((one) => `${one} twice`),
    ...list(parameters).flatMap((one: Json) =>
      one.schema ? schemaProblems(one.schema) : [`${one.name} has no schema`],
    ),
    ...Object.keys(responses).flatMap((status) => (/^[1-5]\d\d$/.test(status) ? [] : [`status ${status}`])),
    ...Object.values<Json>(responses).flatMap((one) =>
      (one.$ref ?? one.description) ? [] : ['no description'],
    ),
    ...bodies.flatMap(([type]) => (/^[\w*]+\/[\w.*+-]+$/.test(type) ? [] : [`media type ${type}`])),
    ...bodies.flatMap(([, { schema }]) => schemaProblems(schema)),
    ...list(security)
      .flatMap(Object.keys)
      .flatMap((name: string) => (document.components.securitySchemes[name] ? [] : [name])),
    ...list(tags).flatMap((tag: string) =>
      list(document.tags).some(({ name }: Json) => name === tag) ? [] : [`tag ${tag}`],
    ),
    ...(requestBody && ['get', 'delete'].includes(method) ? ['a body without a meaning'] : []),
  ].map((problem) => `${method} ${path}: ${problem}`);
}

/** What OpenAPI 3.1 forbids, as far as such a document can go wrong. */
function problemsOf(document: Json): string[] {
  const paths = Object.entries<Json>(document.paths);
  const { info, components } = document;
  const names = Object.values<Json>(components).flatMap(Object.keys);
  return [
    ...(/^3\.1\.\d+$/.test(document.openapi) && info.title && info.version ? [] : ['head']),
    ...paths.flatMap(([path]) => (/^(\/[\w.-]+|\/\{\w+\})+$/.test(path) ? [] : [`path ${path}`])),
    ...twice(paths.map(([path]) => path.replace(/\{\w+\}/g, '{}'))),
    ...paths.flatMap(([path, methods]) =>
      Object.entries<Json>(methods).flatMap((entry) => operationProblems(document, path, entry)),
    ),
    ...twice(valuesAt('operationId', document.paths)),
    ...valuesAt('$ref', document).flatMap((ref) =>
      resolve(document, ref) === undefined ? [`${ref} leads nowhere`] : [],
    ),
    ...names.flatMap((name) => (/^[\w.-]+$/.test(name) ? [] : [`component ${name}`])),
    ...Object.values(components.schemas).flatMap(schemaProblems),
  ];
}

const OURS: Mounts = {
  '/api/artifacts': artifactRoutes({} as never),
  '/api/content': contentRoutes({} as never),
  '/api/health': healthRoutes({} as never),
  '/api/jobs': jobRoutes({} as never),
  '/api/transcribe': transcribeRoutes({} as never),
};

it('is a valid document for our own routes', () => {
  expect(problemsOf(documentOf(OURS))).toEqual([]);
});

it('would not be valid with any of these mistakes', () => {
  const document = documentOf(OURS);
  const { post: start } = document.paths['/api/jobs'];
  document.paths['/api/jobs/{id}'].get.parameters = [];
  document.paths['/api/jobs/{id}/events'].get.operationId = start.operationId;
  document.components.schemas.Job.properties.title = { type: 'text', def: {} };
  delete document.components.schemas.Failure;
  expect(problemsOf(document)).toEqual(
    expect.arrayContaining([
      'get /api/jobs/{id}: path parameters',
      start.operationId,
      '#/components/schemas/Failure leads nowhere',
      ...['type text', 'keyword def'],
    ]),
  );
});

it('says who it is and where', () => {
  const document = documentOf({ '/api/things': { '/': { get: route() } } });
  expect(document).toMatchObject({
    openapi: '3.1.1',
    info: { title: 'Little Monster', version: '1.2.3' },
    servers: [{ url: '/' }],
    tags: [{ name: 'content' }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  });
});

it('names operations after method and path, and templates the ids in it', () => {
  const one = route();
  const mounts = { '/api/things': { '/': { get: one, post: one }, '/:id/parts/:part_id': { delete: one } } };
  const { paths } = documentOf({ ...mounts, '/api/openapi.json': { '/': { get: one } } });
  expect(Object.keys(paths)).toEqual([
    '/api/things',
    '/api/things/{id}/parts/{part_id}',
    '/api/openapi.json',
  ]);
  expect(valuesAt('operationId', paths)).toEqual([
    ...['get_things', 'post_things', 'delete_things_by_id_parts_by_part_id', 'get_openapi_json'],
  ]);
  const uuid = { in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  expect(inPathOrQuery(paths['/api/things/{id}/parts/{part_id}'].delete)).toEqual([
    { name: 'id', ...uuid },
    { name: 'part_id', ...uuid },
  ]);
});

it('lists the fields of a query as a client sends them', () => {
  const ids = z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.uuid()));
  const query = pageSchema.extend({ q: z.string().min(1).describe('What is sought'), ids: ids.optional() });
  expect(inPathOrQuery(get({ query }))).toEqual([
    {
      ...{ name: 'limit', in: 'query', required: false },
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    },
    { name: 'cursor', in: 'query', required: false, schema: { type: 'string' } },
    {
      ...{ name: 'q', in: 'query', required: true, description: 'What is sought' },
      schema: { type: 'string', minLength: 1 },
    },
    { name: 'ids', in: 'query', required: false, schema: { type: 'string' } },
  ]);
});

it('takes a JSON body with its defaults left out, or a form with a file', () => {
  const schema = z.object({ title: z.string(), force: z.boolean().default(false) });
  const properties = { title: { type: 'string' }, force: { type: 'boolean', default: false } };
  expect(post({ body: schema }).requestBody).toEqual({
    required: true,
    content: { 'application/json': { schema: { type: 'object', properties, required: ['title'] } } },
  });
  const file = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' };
  expect(post({ body: schema, form: true }).requestBody).toEqual({
    required: true,
    content: {
      'multipart/form-data': {
        schema: { type: 'object', properties: { ...properties, file }, required: ['title', 'file'] },
      },
    },
  });
  expect(post().requestBody).toBeUndefined();
});

it('answers in the envelope, in another type, or with nothing', () => {
  const { responses } = get({
    answers: {
      200: { description: 'It', data: z.array(thing) },
      206: { description: 'A part', media_type: 'audio/mpeg' },
      304: { description: 'Known' },
    },
  });
  expect(responses[200]).toMatchObject({
    description: 'It',
    content: {
      'application/json': {
        schema: {
          properties: {
            success: { const: true },
            data: { type: 'array', items: { required: ['id', 'size', 'kind', 'note'] } },
            meta: { $ref: '#/components/schemas/Meta' },
          },
          required: ['success', 'data', 'meta'],
        },
      },
    },
  });
  expect(responses[206]).toMatchObject({ description: 'A part', content: { 'audio/mpeg': {} } });
  expect(responses[304]).toEqual({ description: 'Known', headers: expect.anything() });
});

it('keeps a schema simple: no patterns of formats, no range of integers, no ban on new fields', () => {
  const { responses } = get({ answers: { 200: { description: 'It', data: z.array(thing) } } });
  expect(responses[200].content['application/json'].schema.properties.data.items).toEqual({
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      size: { type: 'integer' },
      kind: { type: 'string', enum: ['new', 'old'], default: 'new', description: 'Its age' },
      note: { type: ['string', 'null'] },
    },
    required: ['id', 'size', 'kind', 'note'],
  });
});

it('asks for a token where a rule does not let strangers in, and says whom it lets in', () => {
  const own = get({ rule: ['account', 'change'] });
  expect([own.security, own['x-roles']]).toEqual([[{ bearer: [] }], ['student', 'teacher', 'admin']]);
  const open = get({ rule: ['health', 'read'] });
  expect([open.security, open['x-roles'][0]]).toEqual([[], 'anonymous']);
});

it('names the failures that can happen, and no others', () => {
  const failuresOf = ({ responses }: Json) =>
    Object.keys(responses).filter((status) => responses[status].$ref);
  const at = (path: string, declared: Declared) =>
    failuresOf(
      documentOf({ '/api/x': { [path]: { get: route(declared) } } }).paths[
        `/api/x${path.replace(':id', '{id}')}`
      ].get,
    );
  // Whoever is known or asks for somebody else is looked at first, wherever he goes.
  const asker = ['401', '403', '422', '429', '500', '503'];
  const sorted = (...statuses: string[]) => [...asker, ...statuses].sort();
  expect(failuresOf(get())).toEqual(sorted('406'));
  expect(at('/:id', {})).toEqual(sorted('400', '404', '406'));
  expect(failuresOf(get({ rule: ['health', 'read'] }))).toEqual(['406', '500', '503']);
  expect(failuresOf(get({ rule: ['docs', 'read'] }))).toEqual(['406', '500']);
  const file = {
    200: { description: 'All', media_type: '*/*' },
    206: { description: 'Part', media_type: '*/*' },
  };
  expect(failuresOf(get({ answers: file }))).toEqual(sorted('416'));
  const body = z.object({});
  const sent = ['400', '406', '408', '413', '415'];
  expect(failuresOf(post())).toEqual(sorted(...sent, '409'));
  expect(failuresOf(post({ body }))).toEqual(sorted(...sent, '409'));
  expect(failuresOf(post({ body, form: true }))).toEqual(sorted(...sent, '409', '507'));
  expect(failuresOf(post({ body, rule: ['job', 'create'] }))).toEqual(sorted(...sent, '404', '409'));
  expect(failuresOf(post({ body, rule: ['account', 'login'] }))).toEqual(sorted(...sent));
});

it('tells what each answer carries beside its body', () => {
  const answers = { 200: { description: 'It' }, 206: { description: 'Part' }, 304: { description: 'Known' } };
  const headersOf = (operation: Json, status: number) =>
    Object.keys(operation.responses[status].headers).filter((name) => !/^X-/.test(name));
  expect(headersOf(get({ answers }), 200)).toEqual(['ETag']);
  expect(headersOf(get({ answers }), 206)).toEqual(['ETag', 'Content-Range']);
  expect(headersOf(get({ answers }), 304)).toEqual(['ETag']);
  expect(headersOf(get(), 200)).toEqual([]);
  expect(headersOf(post({ answers: { 201: { description: 'Made', data: thing } } }), 201)).toEqual([
    'Location',
  ]);
  expect(headersOf(post({ answers: { 202: { description: 'Later', data: acceptedSchema } } }), 202)).toEqual([
    'Location',
  ]);
  const { components } = documentOf({ '/api/things': { '/': { get: route() } } });
  expect(components.headers['Retry-After']).toMatchObject({ required: true, schema: { type: 'integer' } });
  expect(Object.keys(components.responses.TooManyRequests.headers)).toContain('Retry-After');
  expect(Object.keys(components.responses.Conflict.headers)).not.toContain('Retry-After');
});

it('lists the headers that are read', () => {
  const answers = { 200: { description: 'It' }, 206: { description: 'Part' }, 304: { description: 'Known' } };
  expect(namesOfParameters(get({ answers }))).toEqual(['If-None-Match', 'Range', 'X-On-Behalf-Of']);
  expect(namesOfParameters(get())).toEqual(['X-On-Behalf-Of']);
  expect(namesOfParameters(get({ rule: ['session', 'list'] }))).toEqual([]);
  expect(namesOfParameters(post({ rule: ['account', 'register'] }))).toEqual(['Idempotency-Key']);
});

it('declares what a request that is sent again gets', () => {
  const answers = { 201: { description: 'Made', data: thing } };
  const { responses } = post({ answers });
  expect(responses[200].content).toEqual(responses[201].content);
  expect(Object.keys(responses[200].headers)).toEqual([
    ...Object.keys(responses[201].headers),
    'Idempotency-Replayed',
  ]);
  expect(post({ answers, rule: ['account', 'login'] }).responses[200]).toBeUndefined();
  expect(get({ answers }).responses[200]).toBeUndefined();
});

it('says what will go', () => {
  const deprecated = { since: new Date(0), sunset: new Date(0), successor: '/api/others' };
  const operation = get({ deprecated });
  expect(operation.deprecated).toBe(true);
  expect(Object.keys(operation.responses[200].headers)).toEqual(
    expect.arrayContaining(['Deprecation', 'Sunset']),
  );
  expect(get()).not.toHaveProperty('deprecated');
});

it('keeps a form that has a name once', () => {
  const one = route({ body: uploadFieldsSchema, form: true });
  const { paths, components } = documentOf({
    '/api/things': { '/': { post: one }, '/again': { post: one } },
  });
  for (const path of ['/api/things', '/api/things/again'])
    expect(paths[path].post.requestBody.content['multipart/form-data'].schema).toEqual({
      $ref: '#/components/schemas/UploadForm',
    });
  expect(components.schemas.UploadForm).toMatchObject({
    properties: { title: { type: 'string' }, file: { format: 'binary' } },
    required: ['file'],
  });
});

it('keeps tokens and the parts of a job once', () => {
  const { components } = documentOf(OURS);
  const { progress, steps, warnings, error, artifacts } = components.schemas.Job.properties;
  const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  expect(progress.anyOf[0]).toEqual(to('JobProgress'));
  expect(error.anyOf[0]).toEqual(to('JobError'));
  expect([steps.items, warnings.items, artifacts.items]).toEqual([
    ...[to('JobStep'), to('JobWarning'), to('ArtifactLink')],
  ]);
  const login = route({ answers: { 200: { description: 'In', data: tokensSchema } } });
  const auth = documentOf({ '/api/auth': { '/login': { post: login }, '/refresh': { post: login } } });
  expect(valuesAt('data', auth.paths)).toEqual([to('Tokens'), to('Tokens')]);
});

it('describes failures and headers once', () => {
  const { components, paths } = documentOf({ '/api/things': { '/': { get: route() } } });
  expect(paths['/api/things'].get.responses[401]).toEqual({ $ref: '#/components/responses/Unauthorized' });
  expect(components.responses.Unauthorized.content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/Failure',
  });
  expect(Object.keys(paths['/api/things'].get.responses[200].headers)).toEqual([
    ...['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  ]);
  expect(Object.keys(get({ rule: ['docs', 'read'] }).responses[200].headers)).toEqual(['X-Request-Id']);
});

it('offers an Idempotency-Key on every POST, of those for logins only on register', () => {
  const login = { post: route({ rule: ['account', 'login'] }) };
  const register = { post: route({ rule: ['account', 'register'] }) };
  const auth = { '/login': login, '/register': register };
  const mounts = { '/api/things': { '/': { post: route(), get: route() } }, '/api/auth': auth };
  const { paths } = documentOf(mounts);
  const offering = Object.entries<Json>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      list(methods[method].parameters).some((each: Json) => each.name === 'Idempotency-Key')
        ? [`${method} ${path}`]
        : [],
    ),
  );
  expect(offering).toEqual(['post /api/things', 'post /api/auth/register']);
});

it('keeps a resource once, named after its rule, wherever it stands', () => {
  const { paths, components } = documentOf({
    '/api/things': {
      '/': { get: route({ answers: { 200: { description: 'A page', data: pageOf(thing) } } }) },
      '/:id': { get: route({ answers: { 200: { description: 'It', data: thing } } }) },
      '/:id/twin': { get: route({ answers: { 200: { description: 'It', data: thing.nullable() } } }) },
    },
  });
  const content = { $ref: '#/components/schemas/Content' };
  const dataOf = (path: string) =>
    paths[path].get.responses[200].content['application/json'].schema.properties.data;
  expect(dataOf('/api/things').properties.items).toEqual({ type: 'array', items: content });
  expect(dataOf('/api/things/{id}')).toEqual(content);
  expect(dataOf('/api/things/{id}/twin')).toEqual({ anyOf: [content, { type: 'null' }] });
  expect(Object.keys(components.schemas).sort()).toEqual(['Content', 'Failure', 'Meta']);
});

it('keeps the name that a schema has of its own', () => {
  const named = thing.extend({ extra: z.string() }).meta({ id: 'Extra', description: 'More of it' });
  const { components } = documentOf({
    '/api/things': { '/': { post: route({ answers: { 201: { description: 'It', data: named } } }) } },
  });
  expect(components.schemas.Extra).toMatchObject({ type: 'object', description: 'More of it' });
});

it('has a body of its own for each job type', () => {
  const { paths, components } = documentOf({ '/api/jobs': { '/': { post: route({ body: newJobSchema }) } } });
  const { oneOf } = paths['/api/jobs'].post.requestBody.content['application/json'].schema;
  expect(oneOf).toHaveLength(Object.keys(contracts).length);
  expect(oneOf).toContainEqual({ $ref: '#/components/schemas/NewJobLesson' });
  expect(components.schemas.NewJobLesson).toMatchObject({
    properties: {
      type: { type: 'string', const: 'lesson' },
      input: { $ref: '#/components/schemas/JobInputLesson' },
      title: { type: 'string', maxLength: 200 },
    },
    required: ['type', 'input'],
  });
  expect(components.schemas.NewJobLesson.properties).not.toHaveProperty('callback_url');
  expect(components.schemas.JobInputLesson.required).toEqual(['source_id']);
  expect(components.schemas.JobInputLesson.properties.theme).toEqual({
    ...{ type: 'string', enum: ['light', 'dark'], default: 'light' },
  });
});
