/** The API's own document (https://spec.openapis.org/oas/v3.1.1), made of the routes as they are declared. */
import { z } from 'zod';
import { isAllowed, roles } from '../../domain/access';
import { contracts, type JobType } from '../../workflows/contracts';
import { ANY_TYPE } from '../http/accept';
import { listRoutes, type Answer, type Endpoint, type Mounted, type Mounts } from '../http/endpoint';
import { isReplayed } from '../http/idempotency';
import { acceptedSchema, newJobSchema } from '../jobs/schemas';

export type Schema = z.core.JSONSchema.BaseSchema;
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
export type Answered = Readonly<{ description: string; headers: object; content?: Content }>;
type Names = ReadonlyMap<z.core.$ZodType, string>;
type Convert = (schema: z.ZodType) => Schema;

const metaSchema = z.object({ timestamp: z.iso.datetime(), request_id: z.string() }).meta({ id: 'Meta' });
const detailsSchema = z.looseObject({
  field: z.string().optional().describe('The first that is wrong'),
  problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  hint: z.string().optional().describe('What to do about it'),
});
const errorSchema = z.object({ code: z.string(), message: z.string(), details: detailsSchema });
const failureSchema = z.object({ success: z.literal(false), error: errorSchema, meta: metaSchema });

const DESCRIPTION = `Every JSON answer is \`{ success, data, meta }\` or \`{ success, error, meta }\`; \`error.details.hint\` names the cure. Work of several steps is a job: accepted with 202, followed at \`links.self\`.

Where a login is needed, send \`Authorization: Bearer <access_token>\` of POST /api/auth/login. HEAD comes with every GET. \`Accept: application/vnd.lm.v1+json\` asks for this version by name. A POST with an \`Idempotency-Key\` is done once in 24 hours: sent again, it is answered as before, with 200 and \`Idempotency-Replayed: true\`.`;

const header = (type: 'string' | 'integer', description: string) => ({ description, schema: { type } });
const HEADERS = {
  'X-Request-Id': header('string', 'The id of the request; yours, if you sent a short and plain one'),
  'X-RateLimit-Limit': header('integer', 'Requests per minute'),
  'X-RateLimit-Remaining': header('integer', 'Requests that are left'),
  'X-RateLimit-Reset': header('integer', 'When all of them are there again, in seconds since 1970'),
  'Retry-After': header('integer', 'Where waiting helps: seconds'),
};
const KEY = { name: 'Idempotency-Key', in: 'header', required: false, ...header('string', 'Done only once') };
const UUID: Schema = { type: 'string', format: 'uuid' };

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const refs = (names: string[]) => Object.fromEntries(names.map((name) => [name, ref('headers', name)]));
const json = (schema: Schema): Content => ({ 'application/json': { schema } });
const pascal = (text: string) => text.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const isOpen = ({ rule }: Endpoint) => isAllowed('anonymous', rule);
const isForAll = ({ rule }: Endpoint) => roles.slice(1).every((role) => isAllowed(role, rule));
const isFree = ({ rule }: Endpoint) => rule[0] === 'health' || rule[0] === 'docs';
const takesBody = ({ body, form }: Endpoint) => Boolean(body ?? form);
const isKeyed = (one: Endpoint, { method }: Mounted) => isReplayed(one, method);
const isPicky = ({ answers }: Endpoint) => Object.values(answers).every((one) => one.media_type !== ANY_TYPE);

type Failing = readonly [name: string, description: string, happens: (one: Endpoint, at: Mounted) => boolean];
const FAILING: Readonly<Record<number, Failing>> = {
  400: ['Unreadable', 'The body is missing or cannot be read', takesBody],
  // A login or a refresh needs no account, but the right password or token.
  401: ['Unauthorized', 'Who asks is unknown', (one) => !isOpen(one) || /^(login|refresh)/.test(one.rule[1])],
  403: ['Forbidden', 'It is for others', (one) => !isForAll(one)],
  404: ['NotFound', 'There is none, or it is not yours', (_, { path }) => path.includes(':')],
  406: ['NotAcceptable', 'The Accept header refuses every type of the answer', isPicky],
  409: ['Conflict', 'Its state forbids it, or the first request with this key still runs', isKeyed],
  413: ['TooLarge', 'The body is too large', takesBody],
  415: ['UnsupportedMediaType', 'The body is of a type that is not read', takesBody],
  416: ['RangeNotSatisfiable', 'The file has no such range', ({ answers }) => 206 in answers],
  422: [
    'InvalidInput',
    'Fields are wrong',
    (one, at) => Boolean(one.query) || takesBody(one) || isKeyed(one, at),
  ],
  429: ['TooManyRequests', 'There were too many requests', (one) => !isFree(one)],
  500: ['Internal', 'Something went wrong on our side', () => true],
  503: ['Unavailable', 'A part of ours is away', ({ rule }) => rule[0] !== 'docs'],
  507: ['DiskFull', 'There is no space left to keep it', ({ form }) => Boolean(form)],
};

/** `input` depends on `type`: one body for each. */
const NEW_JOBS = (Object.keys(contracts) as JobType[]).map((type) => {
  const input = contracts[type].input.meta({ id: `JobInput${pascal(type)}` });
  return newJobSchema.extend({ type: z.literal(type), input }).meta({ id: `NewJob${pascal(type)}` });
});

/** What a GET gives, alone or in a page, is the resource and has its name; of several the shortest path's. */
function namesOf(routes: readonly Mounted[]): Names {
  const named = new Map<string, z.core.$ZodType>();
  for (const { method, endpoint } of routes.toSorted((a, b) => a.path.length - b.path.length)) {
    const data = endpoint.answers[200]?.data;
    const items: unknown = data instanceof z.ZodObject ? data.shape['items'] : undefined;
    const one = items instanceof z.ZodArray ? items.element : data;
    const name = pascal(endpoint.rule[0]);
    if (method === 'get' && one instanceof z.ZodObject && !named.has(name)) named.set(name, one);
  }
  const all = [...named.set('AcceptedJob', acceptedSchema).set('Failure', failureSchema)];
  return new Map(all.map(([name, schema]) => [schema, name]));
}

/** Without what zod adds and nobody needs: patterns of formats, JavaScript's integers. Answers may grow. */
const tidy: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && !def.catchall) delete jsonSchema.additionalProperties;
  if (jsonSchema.format) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** Named schemas (`.meta({ id })`, or `names`) go to `shared`; each is only taken or only given. */
const converter = (io: 'input' | 'output', names: Names, shared: Record<string, Schema>): Convert => {
  const get = (one: z.core.$ZodType) => {
    const [id, meta] = [names.get(one), z.globalRegistry.get(one)];
    return id ? { id, ...meta } : meta;
  };
  const metadata = Object.assign(z.registry<Record<string, unknown>>(), { get });
  const options = { io, metadata, override: tidy, unrepresentable: 'any', cycles: 'throw' } as const;
  return (schema) => {
    const made = JSON.stringify(z.toJSONSchema(schema, options));
    const text = made.replaceAll('#/$defs/', '#/components/schemas/');
    const { $schema, $defs, ...rest } = JSON.parse(text) as Schema;
    Object.assign(shared, $defs);
    return rest;
  };
};

function parametersOf({ path, endpoint: { query } }: Mounted, input: Convert) {
  const { properties = {}, required = [] }: Schema = query ? input(query) : {};
  const ids = path.match(/(?<=:)\w+/g) ?? [];
  const inPath = ids.map((name) => ({ name, in: 'path', required: true, schema: UUID }));
  const inQuery = Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Schema;
    return { name, in: 'query', required: required.includes(name), description, schema };
  });
  return [...inPath, ...inQuery];
}

function bodyOf({ body, form }: Endpoint, input: Convert): Content {
  const fields: Schema = body === newJobSchema ? { oneOf: NEW_JOBS.map(input) } : body ? input(body) : {};
  if (!form) return json(fields);
  // Binary as OpenAPI 3.1 says it, and as tools still know it from 3.0.
  const file: Schema = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' };
  const { properties, required = [] } = fields;
  const schema = { ...fields, properties: { ...properties, file }, required: [...required, 'file'] };
  return { 'multipart/form-data': { schema } };
}

function answerOf({ description, data, media_type }: Answer, output: Convert) {
  if (!data) return { description, ...(media_type && { content: { [media_type]: {} } }) };
  const envelope = z.object({ success: z.literal(true), data, meta: metaSchema });
  return { description, content: json(output(envelope)) };
}

function responsesOf(route: Mounted, output: Convert) {
  const { endpoint } = route;
  const headers = refs(Object.keys(HEADERS).slice(0, isFree(endpoint) ? 1 : 4));
  const responses: Record<string, { $ref: string } | Answered> = {};
  for (const [status, [name, , happens]] of Object.entries(FAILING))
    if (happens(endpoint, route)) responses[status] = ref('responses', name);
  for (const [status, answer] of Object.entries(endpoint.answers))
    responses[status] = { headers, ...answerOf(answer, output) };
  return responses;
}

export type Operation = ReturnType<typeof operationOf>;

function operationOf(route: Mounted, { input, output }: Readonly<Record<'input' | 'output', Convert>>) {
  const { method, path, endpoint } = route;
  const id = method + path.replace(/^\/api\b/, '').replaceAll(':', 'by_');
  return {
    operationId: id.replace(/\W+/g, '_'),
    ...{ summary: endpoint.summary, tags: [endpoint.rule[0]] },
    security: isOpen(endpoint) ? [] : [{ bearer: [] }],
    'x-roles': roles.filter((role) => isAllowed(role, endpoint.rule)),
    parameters: [...parametersOf(route, input), ...(isKeyed(endpoint, route) ? [KEY] : [])],
    ...(takesBody(endpoint) && { requestBody: { required: true, content: bodyOf(endpoint, input) } }),
    responses: responsesOf(route, output),
  };
}

export type OpenApi = ReturnType<typeof openApi>;

export function openApi(mounts: Mounts, { version }: { version: string }) {
  const routes = listRoutes(mounts);
  const schemas: Record<string, Schema> = {};
  const names = namesOf(routes);
  const convert = { input: converter('input', names, schemas), output: converter('output', names, schemas) };
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const at = (paths[route.path.replace(/:(\w+)/g, '{$1}')] ??= {});
    at[route.method] = operationOf(route, convert);
  }
  const failed = { headers: refs(Object.keys(HEADERS)), content: json(convert.output(failureSchema)) };
  const responses: Record<string, Answered> = {};
  for (const [name, description] of Object.values(FAILING)) responses[name] = { description, ...failed };
  return {
    ...{ openapi: '3.1.1', servers: [{ url: '/' }] },
    info: { title: 'Little Monster', version, description: DESCRIPTION },
    tags: [...new Set(routes.map(({ endpoint }) => endpoint.rule[0]))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      ...{ headers: HEADERS, responses, schemas },
    },
  };
}
