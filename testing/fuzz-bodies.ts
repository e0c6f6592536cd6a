/** Bodies of requests: JSON and forms that are right, nearly right, odd, cut off or too large. */
import fc, { type Arbitrary } from 'fast-check';
import type { Operation } from '../api/docs/openapi';
import type { Schema } from '../api/docs/schemas';
import { oneOf } from './fuzz-headers';
import { bytesOf, junk, junkText, nearly, valuesOf, type Known } from './fuzz-values';

/** A byte per character; `times` makes it large without printing it. */
export interface Bytes {
  readonly bytes: string;
  readonly times: number;
}

const TYPES = [
  ...[
    'application/json; charset=utf-8',
    'application/json; charset=klingon',
    'application/json; charset=utf-16',
  ],
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/vnd.api+json',
    '/',
  ],
  ...['multipart/form-data; boundary=', 'application/json; charset=', 'application/JSON;;', '\xe9', ''],
];

export interface Sent {
  readonly type?: string;
  readonly body?: Bytes;
}

const once = (text: string): Bytes => ({ bytes: bytesOf(text), times: 1 });
const asJson = (value: unknown): Sent => ({
  type: 'application/json',
  body: once(JSON.stringify(value) ?? ''),
});

const BAD_JSON = [
  '{',
  '{"a":1,}',
  '',
  'null',
  '7',
  '"x"',
  '[]',
  '\ufeff{}',
  '{"a":NaN}',
  "{'a':1}",
  '\0',
  '{}{}',
];

/** So deep that what works level by level breaks. */
const DEEP = [20_000, 100_000].map(
  (levels) => `{"type":"slides","input":${'['.repeat(levels)}${']'.repeat(levels)}}`,
);

/** Over the limit of a JSON body, and over that of an upload in these tests. */
const LARGE: Bytes = { bytes: '{"a":1}    ', times: 110_000 };

function jsonBodies(schema: Schema, known: Known): Arbitrary<Sent> {
  const valid = valuesOf(schema, known);
  const odd: Arbitrary<Sent> = fc.constantFrom<Sent>(
    ...[...BAD_JSON, ...DEEP].map((text): Sent => ({ type: 'application/json', body: once(text) })),
    { type: 'application/json', body: LARGE },
    ...[{}, { body: once('{}') }],
  );
  const retyped = fc.tuple(valid, oneOf(...TYPES)).map(([value, type]): Sent => ({ ...asJson(value), type }));
  return fc.oneof(
    { weight: 8, arbitrary: valid.map(asJson) },
    { weight: 10, arbitrary: nearly(valid).map(asJson) },
    { weight: 2, arbitrary: junk.map(asJson) },
    { weight: 2, arbitrary: odd },
    { weight: 1, arbitrary: retyped },
  );
}

const BOUNDARY = 'the-boundary';
const WAVE = `RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0`;
const CONTENTS = [
  'A text to learn.',
  WAVE,
  '',
  '\xff\xfe\0',
  '\x89PNG\r\n\x1a\n',
  'ID3',
  '\xef\xbb\xbf',
  '%PDF-1.7',
];
const FILE_NAMES = [
  'a.txt',
  '../../etc/passwd',
  '"',
  '\r\n',
  'a\0.txt',
  'é'.repeat(300),
  '',
  ' ',
  'x.wav',
  '💥',
];

const partOf = (name: string, value: string, fileName?: string): string => {
  const file = fileName === undefined ? '' : `; filename="${bytesOf(fileName)}"`;
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${bytesOf(name)}"${file}\r\n\r\n${value}\r\n`;
};

const files = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constant('file') }, junkText),
    fc.oneof({ weight: 4, arbitrary: fc.constant('A text to learn.') }, fc.constantFrom(...CONTENTS)),
    fc.constantFrom(...FILE_NAMES),
  )
  .map(([name, content, fileName]) => partOf(name, content, fileName));

const FORM: Sent = { type: `multipart/form-data; boundary=${BOUNDARY}` };
const form = (bytes: string): Sent => ({ ...FORM, body: { bytes, times: 1 } });
const END = `--${BOUNDARY}--\r\n`;

const ODD_FORMS: readonly Sent[] = [
  ...[
    '',
    END,
    'junk',
    `--${BOUNDARY}\r\n\r\n\r\n${END}`,
    partOf('file', 'cut', 'a.txt'),
    `--${BOUNDARY}`,
  ].map(form),
  ...[{ type: 'multipart/form-data' }, { type: 'application/json', body: once('{}') }, {}],
  { ...FORM, body: { bytes: partOf('file', 'many', 'a.txt').repeat(10), times: 3 } },
  { ...FORM, body: { bytes: partOf('file', 'large '.repeat(20_000), 'a.txt'), times: 10 } },
];

function forms(schema: Schema, known: Known): Arbitrary<Sent> {
  const fields = fc.oneof(valuesOf(schema, known), nearly(valuesOf(schema, known)));
  const parts = fields.map((value) =>
    Object.entries(Object(value) as object)
      .filter(([name]) => name !== 'file')
      .map(([name, one]) =>
        partOf(name, bytesOf((typeof one === 'string' ? one : `${JSON.stringify(one)}`).slice(0, 500))),
      )
      .join(''),
  );
  const whole = fc
    .tuple(parts, fc.array(files, { minLength: 1, maxLength: 2 }), fc.boolean())
    .map(([before, some, isLast]) => form(isLast ? before + some.join('') + END : some[0] + before + END));
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 2, arbitrary: fc.constantFrom(...ODD_FORMS) });
}

export function bodiesOf(
  { method, operation }: { readonly method: string; readonly operation: Operation },
  known: Known,
): Arbitrary<Sent> {
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === 'multipart/form-data') {
    return forms(media?.schema?.$ref ? known.resolve(media.schema.$ref) : (media?.schema ?? {}), known);
  }
  if (type !== undefined) return jsonBodies(media?.schema ?? {}, known);
  const none: Arbitrary<Sent> = fc.constant({});
  if (method === 'get') return none;
  const part = { type: 'application/offset+octet-stream', body: { bytes: 'A text to learn.', times: 1 } };
  return fc.oneof(
    { weight: 3, arbitrary: none },
    { weight: method === 'patch' ? 6 : 1, arbitrary: fc.constant(part) },
    { weight: 1, arbitrary: junk.map(asJson) },
  );
}
