/** Arbitraries of requests to an operation: from what its document describes to what no client would send. */
import fc, { type Arbitrary } from 'fast-check';
import type { OpenApi, Operation } from '../api/docs/openapi';
import type { Schema } from '../api/docs/schemas';
import { bodiesOf, type Bytes } from './fuzz-bodies';
import { headerLists } from './fuzz-headers';
import { bytesOf, junkText, valuesOf, wellFormed, type Ids, type Known } from './fuzz-values';
import type { RawRequest } from './raw-client';

/** Who sends it, as a name that is printed; the test knows the credentials. */
export type Asker = 'owner' | 'other' | 'nobody' | 'service' | 'junk' | 'expired' | 'ended' | 'wrong kind';

export interface FuzzRequest {
  readonly as: Asker;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Bytes;
}

export const toRaw = ({ method, path, headers, body }: FuzzRequest): RawRequest => ({
  ...{ method, path, headers },
  body: body && Buffer.from(body.bytes.repeat(body.times), 'latin1'),
});

export interface Target {
  readonly document: OpenApi;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface Given {
  readonly ids: Ids;
  /** What stands in a path is mostly one of these. */
  readonly pathIds: Ids;
  readonly userIds: Ids;
}

/** Node's server refuses what is longer than 16 KB with its headers, before it is a request. */
const LONGEST = 10_000;

/** Node's client refuses other characters in a path. */
const tidyPath = (text: string): string => bytesOf(text).replace(/[^\x21-\x7e]/g, percent);
const percent = (sign: string): string => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;

const BAD_SEGMENTS = [
  ...'%00 %E0%A4%A % %zz %ED%A0%80 .. %2e%2e ..%2f..%2fetc%2fpasswd . %2F %20 %F0%9F%92%A5'.split(' '),
  ..."{id} null 0 -1 __proto__ * ; '".split(' '),
  ...['a'.repeat(3_000), '0'.repeat(36)],
];

const segments = ({ pathIds }: Given): Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: pathIds },
    { weight: 2, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: pathIds.map((id) => id.toUpperCase()) },
    { weight: 1, arbitrary: pathIds.map((id) => `${id}%20`) },
    { weight: 4, arbitrary: fc.constantFrom(...BAD_SEGMENTS) },
    { weight: 1, arbitrary: junkText.map((text) => encodeURIComponent(wellFormed(text)) || '%20') },
  );

const pathsOf = (path: string, given: Given): Arbitrary<string> =>
  fc
    .tuple(...path.split('/').map((part) => (part.startsWith('{') ? segments(given) : fc.constant(part))))
    .chain((parts) => fc.constantFrom(...Array<string>(9).fill(parts.join('/')), `${parts.join('/')}/`));

const CURSORS = [
  '["0000-01-01T00:00:00Z",ID]',
  '["9999-12-31T23:59:59.999Z",ID]',
  '["2024-02-29T00:00:00Z",ID]',
];

/** Well-made cursors with odd positions in them. */
const cursors = ({ ids }: Given): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...CURSORS, '[]', '7'), ids)
    .map(([text, id]) => Buffer.from(text.replace('ID', JSON.stringify(id))).toString('base64url'));

/** Who waits gets his answer later, which is right, and takes time. */
const inNoTime = (name: string, value: string): string =>
  name === 'wait' && Number(value) > 0.05 && Number(value) <= 60 ? '0.05' : value;

const encode = (text: string): string => encodeURIComponent(wellFormed(text));

const knownOf = ({ document }: Target, { ids }: Given): Known => ({
  ids,
  resolve: (ref) => document.components.schemas[ref.split('/').at(-1) ?? ''] ?? {},
});

const headersOf = ({ operation }: Target) =>
  operation.parameters.filter((one) => one.in === 'header').map(({ name }) => name);

const isInQuery = (one: Operation['parameters'][number]) => one.in === 'query';

function parameterOf(name: string, schema: Schema, given: Given, known: Known): Arbitrary<string[]> {
  const valid = valuesOf(schema, known, name).map((value) => encode(inNoTime(name, String(value))));
  const list = fc.array(given.ids, { maxLength: 4 }).map((ids) => encode(ids.join(',')));
  const odd = junkText.map((text) => encode(inNoTime(name, text)));
  const raw = fc.constantFrom('%', '%00', '%zz', '%ED%A0%80', '+', 'a=b', '%5B%5D');
  const special = name === 'cursor' ? cursors(given) : name === 'ids' ? list : valid;
  const value = fc.oneof({ weight: 6, arbitrary: special }, { weight: 2, arbitrary: valid }, odd, raw);
  const shown = (values: string[], key = name) => values.map((one) => `${key}=${one}`);
  return fc.oneof(
    { weight: 8, arbitrary: value.map((one) => shown([one])) },
    { weight: 6, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 2, maxLength: 3 }).map((many) => shown(many)) },
    { weight: 1, arbitrary: value.map((one) => shown([one], `${name}[]`)) },
    { weight: 1, arbitrary: value.map((one) => shown([one], `${name}[a][b]`)) },
  );
}

function queriesOf(target: Target, given: Given): Arbitrary<string> {
  const known = knownOf(target, given);
  const declared = target.operation.parameters.filter(isInQuery);
  const each = declared.map(({ name, schema }) => parameterOf(name, schema, given, known));
  const unknown = fc.constantFrom('', '', '', '', 'x=1', '__proto__[a]=1', '=', '&&', 'a'.repeat(4_000));
  return fc.tuple(unknown, ...each).map((parts) => {
    const query = parts.flat().filter(Boolean).join('&');
    return query ? `?${query}` : '';
  });
}

const ASKERS: Readonly<Record<Asker, number>> = {
  ...{ owner: 60, other: 6, nobody: 4, service: 4 },
  ...{ junk: 3, expired: 2, ended: 2, 'wrong kind': 2 },
};

const askers = fc.oneof(
  ...Object.entries(ASKERS).map(([asker, weight]) => ({ weight, arbitrary: fc.constant(asker as Asker) })),
);

function methodsOf({ method }: Target): Arbitrary<string> {
  const own = { weight: 20, arbitrary: fc.constant(method.toUpperCase()) };
  const head = { weight: method === 'get' ? 5 : 0, arbitrary: fc.constant('HEAD') };
  return fc.oneof(own, head, {
    weight: 1,
    arbitrary: fc.constantFrom('PUT', 'OPTIONS', 'TRACE', 'PROPFIND'),
  });
}

/** Two of a header would be refused by Node's client, or joined. */
const withoutTwins = (headers: readonly (readonly [string, string])[]) => [...new Map(headers)];

export const requestsTo = (target: Target, given: Given): Arbitrary<FuzzRequest> =>
  fc
    .record({
      ...{ as: askers, method: methodsOf(target), path: pathsOf(target.path, given) },
      ...{ query: queriesOf(target, given), sent: bodiesOf(target, knownOf(target, given)) },
      more: headerLists(given.userIds, headersOf(target)),
    })
    .map(({ as, method, path, query, sent: { type, body }, more }) => ({
      ...{ as, method, path: tidyPath(path + query).slice(0, LONGEST), body },
      headers: withoutTwins([...(type === undefined ? [] : [['content-type', type] as const]), ...more]),
    }));
