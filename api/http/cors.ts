/** Which web pages elsewhere may call the API (https://fetch.spec.whatwg.org/#http-cors-protocol). */
import cors from 'cors';
import type { RequestHandler } from 'express';

/** What a page may read beside the body. */
const SHOWN = [
  ...['Content-Location', 'Tus-Resumable', 'Tus-Version', 'Tus-Extension', 'Tus-Max-Size'],
  ...['Upload-Offset', 'Upload-Length', 'Upload-Metadata', 'Upload-Expires'],
  ...['ETag', 'Location', 'Retry-After', 'X-Request-Id', 'Idempotency-Replayed', 'Deprecation', 'Sunset'],
  ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'Content-Disposition'],
];
const DAY_S = 86_400;

/** Tokens travel in a header, never in cookies: no credentials are allowed. */
export const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({ origin: [...origins], exposedHeaders: SHOWN, maxAge: DAY_S, preflightContinue: false });
