import type { Request } from 'express';
import { z } from 'zod';
import { HttpError, invalidInput, notFound } from './errors';

/** PostgreSQL's text and JSON can hold neither NUL nor half a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

const storable = z.unknown().superRefine(function check(value: unknown, context) {
  const walk = (inner: unknown, path: PropertyKey[]): void => {
    if (typeof inner === 'string' && UNSTORABLE.test(inner))
      context.addIssue({
        code: 'custom',
        path,
        message: 'holds a character that is none (NUL or half a pair)',
      });
    else if (typeof inner === 'object' && inner !== null)
      for (const [key, item] of Object.entries(inner)) walk(item, [...path, key]);
  };
  walk(value, []);
});

/** The value as `schema` gives it, or 422 with every problem; `under` says where it stands in the body. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  under: readonly string[] = [],
): z.output<Schema> {
  const parsed = storable.pipe(schema).safeParse(value);
  if (!parsed.success) throw invalidInput(parsed.error, under);
  return parsed.data;
}

export function parseBody<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  if (req.body !== undefined) return parse(schema, req.body);
  const status = req.get('content-type') !== undefined && !req.is(JSON_TYPES) ? 415 : 400;
  const hint = 'Send JSON with Content-Type: application/json';
  throw new HttpError(status, 'NO_JSON_BODY', 'There is no JSON body', { hint });
}

/** What is read as JSON. */
export const JSON_TYPES = ['json', '+json'];

const uuid = z.uuid();

/** A malformed id is an unknown one. */
export function idOf(req: Request, what: string): string {
  const parsed = uuid.safeParse(req.params['id']);
  if (!parsed.success) throw notFound(what);
  return parsed.data;
}
