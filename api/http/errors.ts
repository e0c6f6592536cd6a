/** Every error that a client sees: a code, a plain message and the cure. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { isDatabaseAway } from '../../prisma/away';
import { isBlobsAway, isDiskFull } from '../../store/blobs';
import { fail } from './envelope';

export interface ErrorDetails {
  readonly field?: string;
  readonly problems?: readonly { field: string; message: string }[];
  readonly hint?: string;
  /** Seconds after which the same request may succeed; also sent as `Retry-After`. */
  readonly retry_after_s?: number;
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
export const notFound = (
  what: string,
  details: ErrorDetails = { hint: 'Check the id; only your own are shown' },
): HttpError => new HttpError(404, 'NOT_FOUND', `There is no such ${what}`, details);

export const conflict = (message: string, hint: string): HttpError =>
  new HttpError(409, 'CONFLICT', message, { hint });

/** A part of ours is away; the request was right. */
export const unavailable = (what: string): HttpError =>
  new HttpError(503, 'UNAVAILABLE', `${what} cannot be reached`, {
    hint: 'Nothing was changed: send the request again in a moment; GET /api/health says what is wrong',
    retry_after_s: 5,
  });

/** Zod's issues in the client's words; `under` is where the checked value stands in the body. */
export function invalidInput(error: z.ZodError, under: readonly string[] = []): HttpError {
  const problems = error.issues.map(({ path, message }) => ({
    field: [...under, ...path].join('.'),
    message,
  }));
  const first = problems[0] ?? { field: '', message: 'The input is not valid' };
  const says = first.message.toLowerCase().startsWith(first.field.toLowerCase());
  const message = says ? first.message : `${first.field}: ${first.message}`;
  const hint = 'Correct the fields listed in problems';
  return new HttpError(422, 'INVALID_INPUT', message, { field: first.field, problems, hint });
}

type Explanation = readonly [status: number, code: string, message: string, hint: string];

const UNREADABLE: Explanation = [
  400,
  'BAD_REQUEST',
  'The request cannot be read',
  'Check URL, headers and body',
];

/** By the `type` of the errors that Express's own parsers throw. */
const PARSER_ERRORS: Record<string, Explanation> = {
  'entity.parse.failed': [400, 'MALFORMED_JSON', 'The body is not valid JSON', 'Send a JSON object'],
  'entity.too.large': [413, 'TOO_LARGE', 'The body is too large', 'Send files to POST /api/content/uploads'],
  'encoding.unsupported': [415, 'UNSUPPORTED_ENCODING', 'That encoding is not read', 'Use gzip or none'],
  'charset.unsupported': [415, 'UNSUPPORTED_CHARSET', 'That charset is not read', 'Use UTF-8'],
  'request.aborted': [400, 'ABORTED', 'The request ended before its body did', 'Send it again'],
};

const diskFull = () =>
  new HttpError(507, 'DISK_FULL', 'There is no space left to keep it', {
    hint: 'Nothing was kept: let the operator make space where LM_DATA_DIR lies, then send it again',
  });

function known(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof z.ZodError) return invalidInput(error);
  if (isDatabaseAway(error)) return unavailable('The database');
  if (isBlobsAway(error)) return unavailable('The blob store');
  if (isDiskFull(error)) return diskFull();
  const { type, status = 500 } = (error ?? {}) as { type?: string; status?: number };
  const explained = PARSER_ERRORS[type ?? ''] ?? (status >= 400 && status < 500 ? UNREADABLE : undefined);
  if (!explained) return undefined;
  const [, code, message, hint] = explained;
  return new HttpError(explained[0], code, message, { hint });
}

const internal = () =>
  new HttpError(500, 'INTERNAL', 'Something went wrong on our side', {
    hint: 'Quote the request_id when you ask',
  });

export type LogError = (
  error: unknown,
  request: { method: string; path: string; request_id: string },
) => void;

const hungUp = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';

/** The last middleware: what is not ours to explain is logged and answered with 500, without its inside. */
export const errorHandler =
  (log: LogError): ErrorRequestHandler =>
  // Express tells error handlers by their four parameters.
  (error, req, res, _next) => {
    const explained = known(error);
    const { method, path } = req;
    if (!explained && !hungUp(error))
      log(error, { method, path, request_id: String(res.locals['request_id']) });
    // Half an answer cannot become an error; cut off, it is at least not taken for a whole one.
    if (res.headersSent) return void res.destroy();
    const { status, code, message, details } = explained ?? internal();
    if (details.retry_after_s) res.set('Retry-After', String(details.retry_after_s));
    // RFC 9110 §11.6.1: every 401 says how to become known.
    if (status === 401 && !res.get('WWW-Authenticate')) res.set('WWW-Authenticate', 'Bearer');
    fail(res, status, { code, message, details });
  };

export const noSuchRoute: RequestHandler = (req) => {
  const isLater = /^\/api\/v[0-9]+(\/|$)/.test(req.path);
  throw new HttpError(404, 'NOT_FOUND', `There is no ${req.method} ${req.path}`, {
    hint: isLater
      ? 'There is version 1 only, whose URLs name no version'
      : 'GET /api/docs shows all there is',
  });
};
