/** An OpenAPI document as functions: what of a request or an answer is not as it says. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { ErrorObject, ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenApi, Operation } from '../api/docs/openapi';

export interface Found {
  /** Where it stands in the document, as a JSON pointer's parts. */
  readonly at: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly ids: Readonly<Record<string, string>>;
}

export interface Request {
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was parsed: JSON, or the fields of a form. */
  readonly body: unknown;
}

export interface Response {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Whole, where it is JSON. */
  readonly text: string;
}

export interface Contract {
  find(method: string, path: string): Found | undefined;
  /** Of a request that was answered with success. */
  wrongInRequest(found: Found, request: Request): string[];
  wrongInResponse(found: Found | undefined, response: Response): string[];
}

const ID = 'openapi';

type Json = ReturnType<typeof JSON.parse>;

/** Answers may grow, but not without a word in the document: here nothing more is allowed than is told. */
function closed(node: Json): Json {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(closed);
  const inner = Object.entries(node).map(([key, value]) => [key, closed(value)]);
  const isOpen = node.type === 'object' && node.properties && node.additionalProperties === undefined;
  return { ...Object.fromEntries(inner), ...(isOpen && { additionalProperties: false }) };
}

const pointer = (...parts: readonly string[]): string =>
  `${ID}#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

const tell = (where: string, errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra = (params as { additionalProperty?: string }).additionalProperty ?? '';
    return `${where}${instancePath}: ${message} ${extra}`.trim();
  });

type Check = (where: string, value: unknown) => string[];

/** `at` leads to a schema in the document; each is compiled once, when it is first needed. */
function checks(document: Json, coerceTypes: boolean): (...at: readonly string[]) => Check {
  const ajv = new Ajv2020({ coerceTypes, allErrors: true, strictTypes: false, validateSchema: false });
  addFormats(ajv);
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema(document, ID);
  const compiled = new Map<string, ValidateFunction>();
  return (...at) => {
    const $ref = pointer(...at);
    // What is coerced must stand in something.
    const schema = { type: 'object', properties: { value: { $ref } } };
    const validate = compiled.get($ref) ?? ajv.compile(schema);
    compiled.set($ref, validate);
    return (where, value) => (validate({ value }) ? [] : tell(where, validate.errors));
  };
}

/** As the router matches: in any case, and with a slash at the end or without. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i');

const essenceOf = (type: unknown): string => String(type).split(';')[0]?.trim() ?? '';

const resolved = (
  document: Json,
  node: Json,
  at: readonly string[],
): { node: Json; at: readonly string[] } => {
  if (node?.$ref === undefined) return { node, at };
  const parts = String(node.$ref).slice(2).split('/');
  return { node: parts.reduce((inner: Json, key) => inner[key], document), at: parts };
};

/** Whatever the route, or where there is none. */
const ANYWHERE = [400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503];

export function contractOf(document: OpenApi): Contract {
  const asked = checks(document, true);
  const sent = checks(document, false);
  const given = checks(closed(document), false);

  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method, path, operation, at: ['paths', path, method], pattern: patternOf(path) },
    })),
  );

  function wrongParameters({ operation, at, ids }: Found, { query, headers }: Request): string[] {
    const search = new URLSearchParams(query);
    const valuesOf: Record<string, (name: string) => unknown[]> = {
      path: (name) => [ids[name]],
      // An empty one is as good as none.
      query: (name) => search.getAll(name).filter(Boolean),
      header: (name) => [headers[name.toLowerCase()] ?? []].flat(),
    };
    return operation.parameters.flatMap(({ name, in: place, required }, index) => {
      const values = valuesOf[place]?.(name) ?? [];
      if (values.length === 0) return required ? [`${place} ${name} is missing`] : [];
      const value = values.length > 1 ? values : values[0];
      return asked(...at, 'parameters', String(index), 'schema')(`${place} ${name}`, value);
    });
  }

  function wrongBody({ operation, at }: Found, { body }: Request): string[] {
    const [type] = Object.keys(operation.requestBody?.content ?? {});
    if (type === undefined) return [];
    if (body === undefined) return ['there is no body'];
    const whole = type === 'multipart/form-data' ? { ...body, file: '' } : body;
    return sent(...at, 'requestBody', 'content', type, 'schema')('body', whole);
  }

  function wrongHeaders(names: Readonly<Record<string, unknown>>, headers: OutgoingHttpHeaders): string[] {
    return Object.keys(names).flatMap((name) => {
      const value = headers[name.toLowerCase()];
      if (value !== undefined)
        return asked('components', 'headers', name, 'schema')(`header ${name}`, String(value));
      return document.components.headers[name]?.required ? [`header ${name} is missing`] : [];
    });
  }

  function wrongContent(content: Json, at: readonly string[], { headers, text }: Response): string[] {
    if (content === undefined) return text ? ['there is a body'] : [];
    const type = essenceOf(headers['content-type']);
    const key = [type, '*/*'].find((one) => one in content);
    if (key === undefined) return [`the media type ${type} is not declared`];
    if (!text || content[key].schema === undefined) return [];
    return given(...at, 'content', key, 'schema')('answer', JSON.parse(text));
  }

  function wrongElsewhere({ status, headers, text }: Response): string[] {
    if (status === 204 && !text) return [];
    const { 'x-request-id': id } = headers;
    return [
      ...(ANYWHERE.includes(status) ? [] : [`${status} where no operation is`]),
      ...(id === undefined ? ['header X-Request-Id is missing'] : []),
      ...(status === 405 && headers['allow'] === undefined ? ['header Allow is missing'] : []),
      ...(text ? given('components', 'schemas', 'Failure')('answer', JSON.parse(text)) : []),
    ];
  }

  return {
    find(method, path) {
      const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
      const matching = listed.flatMap(({ pattern, ...one }) => {
        const match = pattern.exec(path);
        return match ? [{ ...one, ids: match.groups ?? {} }] : [];
      });
      // A path that is named is none with an id.
      const fewest = Math.min(...matching.map(({ ids }) => Object.keys(ids).length));
      return matching.find((one) => one.method === wanted && Object.keys(one.ids).length === fewest);
    },
    wrongInRequest: (found, request) => [...wrongParameters(found, request), ...wrongBody(found, request)],
    wrongInResponse(found, response) {
      if (!found) return wrongElsewhere(response);
      const { operation, at } = found;
      const declared = (operation.responses as Json)[response.status];
      if (declared === undefined) return [`${response.status} is not declared`];
      const { node, at: where } = resolved(document, declared, [...at, 'responses', String(response.status)]);
      return [
        ...wrongHeaders(node.headers, response.headers),
        ...wrongContent(node.content, where, response),
      ];
    },
  };
}
