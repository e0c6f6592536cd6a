import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { HttpError, invalidInput, notFound } from './errors';

/** PostgreSQL's text and JSON can hold neither NUL nor half a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

const NO_CHARACTER = 'holds a character that is none (NUL or half a pair)';

const storable = z.unknown().superRefine(function check(value: unknown, context) {
  const refuse = (path: PropertyKey[]) =>
    context.addIssue({ code: 'custom', path: path.map(visible), message: NO_CHARACTER });
  const walk = (inner: unknown, path: PropertyKey[]): void => {
    if (typeof inner === 'string' && UNSTORABLE.test(inner)) refuse(path);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [key, item] of Object.entries(inner)) {
      if (UNSTORABLE.test(key)) refuse([...path, key]);
      walk(item, [...path, key]);
    }
  };
  walk(value, []);
});

const visible = (key: PropertyKey): PropertyKey =>
  typeof key === 'string' ? key.replaceAll(new RegExp(UNSTORABLE, 'gu'), '\ufffd') : key;

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

/** What has no body to be read is not refused for the one it brings. */
export const takesJson = (req: IncomingMessage): boolean =>
  ['POST', 'PATCH'].includes(req.method ?? '') && Boolean((req as Request).is(JSON_TYPES));

/** Far more than any body of ours has, and far less than what breaks recursion. */
const MOST_LEVELS = 100;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

/** Whoever writes a body down or compares it does so level by level. */
export const notTooDeep: RequestHandler = function notTooDeepMiddleware(req, _res, next) {
  if (!isDeeper(req.body, MOST_LEVELS)) return next();
  const message = `The body has more than ${MOST_LEVELS} levels`;
  throw new HttpError(422, 'INVALID_INPUT', message, { field: '', hint: 'Send a flatter one' });
};

const uuid = z.uuid();

/** A malformed id is an unknown one. */
export function idOf(req: Request, what: string): string {
  const parsed = uuid.safeParse(req.params['id']);
  if (!parsed.success) throw notFound(what);
  return parsed.data;
}
