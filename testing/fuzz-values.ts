/** Arbitraries of what a schema describes, of what is nearly that, and of plain junk. */
import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from '../api/docs/schemas';

/** Ids that occur in the world, each kind as often as the others. */
export type Ids = Arbitrary<string>;

/** A byte per character. */
export const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** Without halves of pairs, which no UTF-8 can carry. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();

const HOSTILE = [
  ...['', ' ', '\0', 'a\0b', '\ud800', '\udfff\ud800', '\u202e', '💥', 'İ', '\r\n', '\u2028', '﷽'],
  ...['null', 'undefined', 'NaN', 'true', '0', '-1', '1e9', '0x10', '१', '1.5', '9'.repeat(400), '__proto__'],
  ...['constructor', 'toString', "'; DROP TABLE users; --", '../../../etc/passwd', '${7*7}', '<script>'],
  ...['%00', '%', '[]', '{}', 'a'.repeat(201), 'é'.repeat(5_001), 'a,'.repeat(150)],
];

export const junkText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

/** `{ a: { a: … } }` or `[[…]]`. */
const deep: Arbitrary<unknown> = fc
  .tuple(fc.boolean(), fc.constantFrom(3, 99, 200, 2_000))
  .map(([list, depth]) => {
    let inner: unknown = 'deep';
    for (let at = 0; at < depth; at++) inner = list ? [inner] : { a: inner };
    return inner;
  });

const NUMBERS = [0, -0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 2, 2 ** 31, -(2 ** 63), 5e-324];

export const junk: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: junkText },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [null], ...NUMBERS) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: deep },
  {
    weight: 1,
    arbitrary: fc.constant(JSON.parse('{"__proto__":{"role":"admin"},"a\\u0000":1,"\\ud800":1}')),
  },
);

const localPart = fc.stringMatching(/^[a-z0-9]{1,12}$/);

/** What a schema cannot say, by the field's name. */
const KNOWN: Readonly<Record<string, Arbitrary<unknown>>> = {
  email: localPart.map((name) => `${name}@example.org`),
  time_zone: fc.constantFrom('Europe/Berlin', 'UTC', 'America/New_York', '+01:00', 'Mars/Phobos'),
  language: fc.constantFrom('en', 'de-CH', 'zh-Hans-CN'),
};

export interface Known {
  readonly ids: Ids;
  /** `#/components/schemas/…` */
  readonly resolve: (ref: string) => Schema;
}

type Of = (schema: Schema, name?: string) => Arbitrary<unknown>;

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, of: Of) {
  const fields = Object.entries(properties).map(([name, one]) => [name, of(one as Schema, name)] as const);
  const listed = fc.record(Object.fromEntries(fields), { requiredKeys: required });
  if (typeof additionalProperties !== 'object') return listed;
  const more = fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), junkText), of(additionalProperties), {
    maxKeys: 3,
  });
  return fc.tuple(more, listed).map((both) => Object.assign({}, ...both) as unknown);
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: Schema, { ids }: Known) {
  if (format === 'uuid') return ids;
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { maxLength: 30 });
  return fc.string({ unit: 'grapheme-ascii', minLength, maxLength: Math.min(maxLength, minLength + 20) });
}

/** Values that a schema allows; `KNOWN` and `ids` make more of them sensible. */
export function valuesOf(schema: Schema, known: Known, name = ''): Arbitrary<unknown> {
  const of: Of = (inner, key) => valuesOf(inner, known, key);
  const { $ref, const: only, enum: values, oneOf, anyOf, type, minimum = 0, maximum = 1_000, items } = schema;
  if ($ref !== undefined) return of(known.resolve($ref), name);
  if (only !== undefined) return fc.constant(only);
  if (values) return fc.constantFrom(...values);
  const branches = oneOf ?? anyOf;
  if (branches) return fc.oneof(...branches.map((branch) => of(branch, name)));
  if (KNOWN[name]) return KNOWN[name];
  if (type === 'object') return objectOf(schema, of);
  if (type === 'array') return fc.array(of((items ?? {}) as Schema), { maxLength: 3 });
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum });
  if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return type === 'string' ? textOf(schema, known) : junk;
}

type Path = readonly string[];

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || at.length > 5) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...at, key]))];
}

/** `value` with what `change` makes of the inner one at `path`; without it where that is undefined. */
function changed(value: unknown, [key, ...rest]: Path, change: (inner: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const entries = Object.entries(value as object).flatMap(([name, inner]) => {
    const after = name === key ? changed(inner, rest, change) : inner;
    return after === undefined ? [] : [[name, after] as const];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const withMore = (value: unknown, name: string, more: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries([...Object.entries(value), [name, more]])
    : more;

/** One field lost, replaced or added, anywhere. */
export const nearly = (valid: Arbitrary<unknown>): Arbitrary<unknown> =>
  valid.chain((value) =>
    fc
      .tuple(fc.constantFrom(...pathsIn(value)), fc.constantFrom('drop', 'replace', 'add'), junk, junkText)
      .map(([path, how, other, name]) =>
        changed(value, path, (inner) =>
          how === 'drop' ? undefined : how === 'replace' ? other : withMore(inner, name, other),
        ),
      ),
  );
