import type { Request } from 'express';
import { z } from 'zod';
import { HttpError, invalidInput, notFound } from './errors';

export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

export function parseBody<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  if (req.body === undefined) {
    const hint = 'Send JSON with Content-Type: application/json';
    throw new HttpError(
      req.is('application/json') === false ? 415 : 400,
      'NO_JSON_BODY',
      'There is no JSON body',
      { hint },
    );
  }
  return parse(schema, req.body);
}

const uuid = z.uuid();

/** A malformed id is an unknown one. */
export function idOf(req: Request, what: string): string {
  const parsed = uuid.safeParse(req.params['id']);
  if (!parsed.success) throw notFound(what);
  return parsed.data;
}
