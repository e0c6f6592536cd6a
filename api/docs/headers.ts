/** The headers that requests may and answers do carry. */
import { isAllowed } from '../../domain/access';
import type { Mounted } from '../http/endpoint';
import { isReplayed } from '../http/idempotency';
import { acceptedSchema } from '../jobs/schemas';
import { isCounted, isOpen } from './refusals';
import { ref, type Schema } from './schemas';

interface Header {
  readonly description: string;
  /** Wherever an answer declares it. */
  readonly required?: true;
  readonly schema: Schema;
}

const STRING: Schema = { type: 'string' };
const INTEGER: Schema = { type: 'integer' };
const COUNT: Schema = { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'unlimited' }] };

export const HEADERS: Readonly<Record<string, Header>> = {
  'X-Request-Id': {
    description: 'The id of the request; yours, if you sent a short and plain one',
    required: true,
    schema: { type: 'string', pattern: '^[\\w.:-]{1,128}$' },
  },
  'X-RateLimit-Limit': { description: 'Requests per minute; for services `unlimited`', schema: COUNT },
  'X-RateLimit-Remaining': { description: 'Requests that are left', schema: { ...INTEGER, minimum: 0 } },
  'X-RateLimit-Reset': {
    ...{ description: 'When all of them are there again, in seconds since 1970', schema: INTEGER },
  },
  'Retry-After': { description: 'Seconds to wait', required: true, schema: { ...INTEGER, minimum: 1 } },
  ETag: { description: 'The tag of what is in it', required: true, schema: STRING },
  Location: { description: 'Where it is', required: true, schema: STRING },
  'Content-Range': { description: 'The part of the file', required: true, schema: STRING },
  'Idempotency-Replayed': {
    ...{ description: 'This is the answer of before', required: true, schema: { const: 'true' } },
  },
  Deprecation: { description: 'Since when there is something better', required: true, schema: STRING },
  Sunset: { description: 'When this goes', required: true, schema: STRING },
};

const COUNTED = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

export const headerRefs = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, ref('headers', name)]));

/** Of a refusal; what all have in common is described once, so it cannot say who is counted. */
export const refusalHeaders = (status: number) =>
  headerRefs(['X-Request-Id', ...COUNTED, ...([429, 503].includes(status) ? ['Retry-After'] : [])]);

/** Of a success. */
export function answerHeaders({ endpoint }: Mounted, status: number) {
  const { answers, deprecated } = endpoint;
  const isPlace = status === 201 || answers[status]?.data === acceptedSchema;
  return headerRefs([
    ...['X-Request-Id', ...(isCounted(endpoint) ? COUNTED : [])],
    ...(deprecated ? ['Deprecation', 'Sunset'] : []),
    ...(304 in answers && status !== 204 ? ['ETag'] : []),
    ...(status === 206 ? ['Content-Range'] : []),
    ...(isPlace ? ['Location'] : []),
  ]);
}

type Sent = readonly [name: string, description: string, schema: Schema, isRead: (at: Mounted) => boolean];

const SENT: readonly Sent[] = [
  [
    'Idempotency-Key',
    'Done only once',
    { ...STRING, minLength: 1, maxLength: 200 },
    ({ endpoint, method }) => isReplayed(endpoint, method),
  ],
  ['If-None-Match', 'The ETag that you have', STRING, ({ endpoint }) => 304 in endpoint.answers],
  ['Range', 'Part of the file: `bytes=0-499`', STRING, ({ endpoint }) => 206 in endpoint.answers],
  [
    'X-On-Behalf-Of',
    'For services: the id of the user for whom they ask',
    { ...STRING, format: 'uuid' },
    ({ endpoint }) => !isOpen(endpoint) && isAllowed('service', endpoint.rule),
  ],
];

/** As parameters of an operation. */
export function sentHeaders(route: Mounted) {
  const own = Object.entries(route.endpoint.headers ?? {});
  const sent = SENT.filter(([, , , isRead]) => isRead(route));
  return [...sent, ...own.map(([name, meaning]) => [name, meaning, STRING] as const)].map(
    ([name, description, schema]) => ({ name, in: 'header', required: false, description, schema }),
  );
}
