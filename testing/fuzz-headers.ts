/** Header values, from those that are right to those that only a byte at a time can write. */
import fc, { type Arbitrary } from 'fast-check';
import { bytesOf, junkText, type Ids } from './fuzz-values';

const KEYS = ['k1', 'k2', 'a-key', 'x'.repeat(200), 'x'.repeat(201), 'with space', '', '\xe9', '"', '{}'];

const RANGES = [
  ...[
    'bytes=0-4',
    'bytes=-1',
    'bytes=2-',
    'bytes=5-2',
    'bytes=0-0,2-3',
    'bytes=99999999999999999999-',
    'bytes=',
  ],
  ...['items=0-1', 'bytes=a-b', 'bytes=-0', 'bytes=0-99999999999', 'bytes =0-1', 'bytes=--1', '0-1'],
];

const TAGS = ['*', '"1"', 'W/"1"', '"2", "3"', '""', 'x', '"', ','.repeat(500), '"9".'.repeat(99), ' "1" '];

const ACCEPTED = [
  ...[
    '*/*',
    'application/json',
    'application/vnd.lm.v1+json',
    'application/vnd.lm.v2+json',
    'text/html',
    'q',
  ],
  ...['text/*;q=0', 'application/json;q=0', '', ';;;', '*', 'a/b;q=x', 'text/event-stream', '\xff'],
];

const TRACES = [
  ...['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '00-0-0-0', 'ff-', '\t', 'é'].map(bytesOf),
];

const REQUEST_IDS = ['mine-1', 'a'.repeat(129), '<script>', '\xe9', '', 'a b', "'--"];

/** Header values as Node's client sends them: a byte per character, no control characters. */
const junkValue = junkText.map((text) => bytesOf(text).replace(/[^\t\x20-\x7e\x80-\xff]/g, ''));

export const oneOf = (...values: readonly string[]): Arbitrary<string> =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: junkValue });

const HEADERS = (userIds: Ids): readonly (readonly [name: string, values: Arbitrary<string>])[] => [
  ['accept', oneOf(...ACCEPTED)],
  ['accept', fc.constant('application/json')],
  ['idempotency-key', oneOf(...KEYS)],
  ['idempotency-key', fc.uuid()],
  ['if-none-match', oneOf(...TAGS)],
  ['if-match', oneOf(...TAGS)],
  ['range', oneOf(...RANGES)],
  ['if-range', oneOf(...TAGS)],
  ['traceparent', oneOf(...TRACES)],
  ['x-request-id', oneOf(...REQUEST_IDS)],
  ['last-event-id', oneOf('1', '2', '-1', '9'.repeat(30), '1"')],
  ['x-on-behalf-of', fc.oneof(userIds, junkValue, fc.uuid())],
  ['content-encoding', oneOf('gzip', 'br', 'zip', 'identity', 'deflate, gzip')],
  ['x-forwarded-for', oneOf('1.2.3.4', '::1', 'unknown', ',,,')],
  ['origin', oneOf('https://learn.example.org', 'https://evil.example', 'null')],
  ['user-agent', junkValue],
  ['cookie', junkValue],
  ['x-http-method-override', oneOf('DELETE', 'PUT')],
];

/** What a client of the upload protocol sends. */
const USUAL: Readonly<Record<string, string>> = {
  ...{ 'tus-resumable': '1.0.0', 'upload-offset': '0', 'upload-length': '16' },
  'upload-metadata': 'filename YS50eHQ=',
};

/** For headers that one operation alone reads. */
const ODD = oneOf(
  '1.0.0',
  '0.2.2',
  '0',
  '5',
  '16',
  '-1',
  '1e3',
  '9'.repeat(30),
  'filename YS50eHQ=,title',
  'a b,c',
);

/** Most requests have few of them, or nothing would come through. */
export const headerLists = (userIds: Ids, declared: readonly string[]) => {
  const usual = HEADERS(userIds);
  const known = usual.map(([name]) => name);
  const own = declared
    .map((name) => name.toLowerCase())
    .filter((name) => !known.includes(name))
    .map((name) => fc.tuple(fc.constant(name), fc.oneof(fc.constant(USUAL[name] ?? ''), ODD)));
  const listOf = (maxLength: number) =>
    fc.array(fc.oneof(...usual.map(([name, values]) => fc.tuple(fc.constant(name), values))), { maxLength });
  return fc
    .tuple(fc.option(fc.tuple(...own), { nil: [], freq: 5 }), fc.oneof(listOf(1), listOf(3)))
    .map(([some, more]) => [...some, ...more]);
};
