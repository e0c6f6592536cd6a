/** The API's own document (https://spec.openapis.org/oas/v3.1.1), made of the routes as they are declared. */
import { z } from 'zod';
import { isAllowed, roles } from '../../domain/access';
import { listRoutes, type Answer, type Endpoint, type Mounted, type Mounts } from '../http/endpoint';
import { isReplayed } from '../http/idempotency';
import { newJobSchema } from '../jobs/schemas';
import { answerHeaders, HEADERS, headerRefs, refusalHeaders, sentHeaders } from './headers';
import { isOpen, REFUSALS } from './refusals';
import * as schemas from './schemas';
import { ref, type Convert, type Converters, type Schema, type Shared } from './schemas';

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
export type Answered = Readonly<{ description: string; headers: object; content?: Content }>;

const DESCRIPTION = `Every JSON answer is \`{ success, data, meta }\` or \`{ success, error, meta }\`; \`error.details.hint\` names the cure. Work of several steps is a job: accepted with 202, followed at \`links.self\`.

Where a login is needed, send \`Authorization: Bearer <access_token>\` of POST /api/auth/login. HEAD comes with every GET. \`Accept: application/vnd.lm.v1+json\` asks for this version by name. A POST with an \`Idempotency-Key\` is done once in 24 hours: sent again, it is answered as before, with 200 and \`Idempotency-Replayed: true\`.`;

const UUID: Schema = { type: 'string', format: 'uuid' };

/** `id` and what ends with it are UUIDs; the rest are names. */
const idSchema = (name: string): Schema => (/(^|_)id$/.test(name) ? UUID : { type: 'string' });

const json = (schema: Schema): Content => ({ 'application/json': { schema } });
const takesBody = ({ body, form }: Endpoint) => Boolean(body ?? form);

function parametersOf(route: Mounted, input: Convert) {
  const { path, endpoint } = route;
  const { properties = {}, required = [] }: Schema = endpoint.query ? input(endpoint.query) : {};
  const ids = path.match(/(?<=:)\w+/g) ?? [];
  const inPath = ids.map((name) => ({ name, in: 'path', required: true, schema: idSchema(name) }));
  const inQuery = Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Schema;
    return { name, in: 'query', required: required.includes(name), description, schema };
  });
  return [...inPath, ...inQuery, ...sentHeaders(route)];
}

interface Made {
  readonly shared: Shared;
  readonly convert: Converters;
}

/** The fields, and the file beside them; a form that has a name is kept once. */
function formOf(body: Endpoint['body'], { shared, convert }: Made): Content {
  const given: Schema = body ? convert.input(body) : {};
  const name = given.$ref?.split('/').at(-1);
  const { properties, required = [], ...rest } = (name === undefined ? given : shared[name]) ?? {};
  // Binary as OpenAPI 3.1 says it, and as tools still know it from 3.0.
  const file: Schema = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' };
  const schema = { ...rest, properties: { ...properties, file }, required: [...required, 'file'] };
  if (name === undefined) return { 'multipart/form-data': { schema } };
  shared[name] = schema;
  return { 'multipart/form-data': { schema: ref('schemas', name) } };
}

function bodyOf({ body, form }: Endpoint, made: Made): Content {
  const { input } = made.convert;
  if (form) return formOf(body, made);
  if (body === newJobSchema) return json({ oneOf: schemas.NEW_JOBS.map(input) });
  return json(body ? input(body) : {});
}

function answerOf({ description, data, media_type }: Answer, output: Convert) {
  if (!data) return { description, ...(media_type && { content: { [media_type]: {} } }) };
  const envelope = z.object({ success: z.literal(true), data, meta: schemas.metaSchema });
  return { description, content: json(output(envelope)) };
}

/** A POST that is sent again with its key gets what it got before, and 200. */
function replayOf(route: Mounted, output: Convert): Answered | undefined {
  const { endpoint, method } = route;
  const [status, answer] = Object.entries(endpoint.answers)[0] ?? [];
  if (!answer?.data || status === '200' || !isReplayed(endpoint, method)) return undefined;
  const headers = { ...answerHeaders(route, Number(status)), ...headerRefs(['Idempotency-Replayed']) };
  return { ...answerOf(answer, output), description: 'What a request with this key got before', headers };
}

function responsesOf(route: Mounted, output: Convert) {
  const responses: Record<string, { $ref: string } | Answered> = {};
  for (const [status, { name, happens }] of Object.entries(REFUSALS))
    if (happens(route) || route.endpoint.refuses?.includes(Number(status)))
      responses[status] = ref('responses', name);
  const replay = replayOf(route, output);
  if (replay) responses[200] = replay;
  for (const [status, answer] of Object.entries(route.endpoint.answers))
    responses[status] = { headers: answerHeaders(route, Number(status)), ...answerOf(answer, output) };
  return responses;
}

export type Operation = ReturnType<typeof operationOf>;

function operationOf(route: Mounted, made: Made) {
  const { method, path, endpoint } = route;
  const id = method + path.replace(/^\/api\b/, '').replaceAll(':', 'by_');
  return {
    operationId: id.replace(/\W+/g, '_'),
    ...{ summary: endpoint.summary, tags: [endpoint.rule[0]] },
    ...(endpoint.deprecated && { deprecated: true }),
    security: isOpen(endpoint) ? [] : [{ bearer: [] }],
    'x-roles': roles.filter((role) => isAllowed(role, endpoint.rule)),
    parameters: parametersOf(route, made.convert.input),
    ...(takesBody(endpoint) && { requestBody: { required: true, content: bodyOf(endpoint, made) } }),
    responses: responsesOf(route, made.convert.output),
  };
}

function makerOf(routes: readonly Mounted[]): Made {
  const [names, shared]: [schemas.Names, Shared] = [schemas.namesOf(routes), {}];
  const [input, output] = (['input', 'output'] as const).map((io) => schemas.converter(io, names, shared));
  return { shared, convert: { input: input!, output: output! } };
}

export type OpenApi = ReturnType<typeof openApi>;

export function openApi(mounts: Mounts, { version }: { version: string }) {
  const routes = listRoutes(mounts);
  const made = makerOf(routes);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const at = (paths[route.path.replace(/:(\w+)/g, '{$1}')] ??= {});
    at[route.method] = operationOf(route, made);
  }
  const content = json(made.convert.output(schemas.failureSchema));
  const responses: Record<string, Answered> = {};
  for (const [status, { name, description }] of Object.entries(REFUSALS))
    responses[name] = { description, headers: refusalHeaders(Number(status)), content };
  return {
    ...{ openapi: '3.1.1', servers: [{ url: '/' }] },
    info: { title: 'Little Monster', version, description: DESCRIPTION },
    tags: [...new Set(routes.map(({ endpoint }) => endpoint.rule[0]))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      ...{ headers: HEADERS, responses, schemas: made.shared },
    },
  };
}
