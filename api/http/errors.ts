/** Every error that a client sees: a code, a plain message and the cure. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { fail } from './envelope';

export interface ErrorDetails {
  readonly field?: string;
  readonly problems?: readonly { field: string; message: string }[];
  readonly hint?: string;
  readonly [more: string]: unknown;
}

export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

/** Malformed, unknown and other people's ids look the same. */
export const notFound = (what: string): HttpError =>
  new HttpError(404, 'NOT_FOUND', `There is no such ${what}`, {
    hint: 'Check the id; only your own are shown',
  });

export function invalidInput(error: z.ZodError): HttpError {
  const problems = error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const first = problems[0] ?? { field: '', message: 'The input is not valid' };
  const message = first.field ? `${first.field}: ${first.message}` : first.message;
  return new HttpError(422, 'INVALID_INPUT', message, { field: first.field, problems });
}

/** Errors of Express's own parsers carry a `type`. */
interface ParserError {
  readonly type?: string;
  readonly status?: number;
  readonly limit?: number;
}

const PARSER_ERRORS: Record<string, [number, string, string, string]> = {
  'entity.parse.failed': [400, 'MALFORMED_JSON', 'The body is not valid JSON', 'Send a JSON object'],
  'entity.too.large': [413, 'TOO_LARGE', 'The body is too large', 'Send files to POST /api/content/uploads'],
  'encoding.unsupported': [
    415,
    'UNSUPPORTED_ENCODING',
    'That content encoding is not read',
    'Use gzip or none',
  ],
  'charset.unsupported': [415, 'UNSUPPORTED_CHARSET', 'That charset is not read', 'Use UTF-8'],
  'request.aborted': [400, 'ABORTED', 'The request ended before its body did', 'Send it again'],
};

function known(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof z.ZodError) return invalidInput(error);
  if (error instanceof URIError) return new HttpError(400, 'MALFORMED_URL', 'The URL cannot be decoded');
  const { type, status } = (error ?? {}) as ParserError;
  const parser = type ? PARSER_ERRORS[type] : undefined;
  if (parser) return new HttpError(parser[0], parser[1], parser[2], { hint: parser[3] });
  if (status && status >= 400 && status < 500)
    return new HttpError(status, 'BAD_REQUEST', 'The request cannot be read');
  return undefined;
}

export type LogError = (
  error: unknown,
  request: { method: string; path: string; request_id: string },
) => void;

/** The last middleware: what is not ours to explain is logged and answered with 500, without its inside. */
export const errorHandler =
  (log: LogError): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const explained = known(error);
    if (!explained)
      log(error, { method: req.method, path: req.path, request_id: String(res.locals['request_id']) });
    const { status, code, message, details } =
      explained ??
      new HttpError(500, 'INTERNAL', 'Something went wrong on our side', {
        hint: 'Quote the request_id when you ask',
      });
    fail(res, status, { code, message, details });
  };

export const noSuchRoute: RequestHandler = (req) => {
  throw new HttpError(404, 'NOT_FOUND', `There is no ${req.method} ${req.path}`, {
    hint: 'See README for the routes',
  });
};
