/** How HTTP's failures become `ProviderError`s, as pure functions. */
import { z } from 'zod';
import { isTransientStatus, ProviderError } from './error';

const REASONS: Readonly<Record<number, { code: string; hint?: string }>> = {
  400: { code: 'BAD_REQUEST' },
  401: { code: 'UNAUTHORIZED', hint: 'Check the API key.' },
  403: { code: 'FORBIDDEN', hint: 'Check what the API key is allowed to do.' },
  404: { code: 'NOT_FOUND', hint: 'Check the base URL and the name of the model.' },
  408: { code: 'TIMEOUT' },
  413: { code: 'TOO_LARGE' },
  422: { code: 'UNPROCESSABLE' },
  429: { code: 'RATE_LIMITED' },
};

export interface StatusAnswer {
  readonly status: number;
  /** The vendor's own words, free of secrets. */
  readonly said: string;
  readonly retryAfter: string | null;
  readonly nowMs: number;
}

export function statusError(
  provider: string,
  { status, said, retryAfter, nowMs }: StatusAnswer,
): ProviderError {
  const transient = isTransientStatus(status);
  const { code, hint } = REASONS[status] ?? { code: transient ? 'UNAVAILABLE' : 'UNEXPECTED_STATUS' };
  const retryAfterS = retryAfterSeconds(retryAfter, nowMs);
  const facts = { provider, code, transient, status, retryAfterS, hint };
  return new ProviderError(`${provider}: HTTP ${status}${said && `: ${said}`}`, facts);
}

/** `Retry-After` is seconds or an HTTP date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterSeconds(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  // Without this, `Date.parse` takes "-5" or "1.5" for a day of some year.
  const atMs = /[a-z]{3}/i.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, (atMs - nowMs) / 1000);
}

const vendorMessageSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform((body) => body.error.message),
  z.object({ error: z.string() }).transform((body) => body.error),
  z.object({ message: z.string() }).transform((body) => body.message),
]);

/** What the vendor says of the failure; the rest of its body may repeat what we sent. */
export function vendorMessage(body: Uint8Array, secrets: readonly string[]): string {
  const said = vendorMessageSchema.safeParse(jsonOrUndefined(body)).data ?? '';
  return redact(said, secrets).slice(0, 200);
}

export function jsonOrUndefined(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const causeSchema = z.object({ cause: z.object({ code: z.string() }) });

/** Fetch says "fetch failed" to everything; the reason is its cause's code, for example `ECONNREFUSED`. */
export function networkError(provider: string, error: unknown): ProviderError {
  const reason = causeSchema.safeParse(error).data?.cause.code ?? 'connection failed';
  const code = /TIMEOUT|TIMEDOUT/.test(reason) ? 'TIMEOUT' : 'NETWORK';
  const facts = {
    provider,
    code,
    transient: true,
    hint: 'Check the address, and that the service runs there',
  };
  return new ProviderError(`${provider}: ${reason}`, facts, { cause: error });
}

/** Whole values and their words, so that `Bearer <key>` also hides the bare key; short words are no secrets. */
export function secretsIn(headers: Headers): string[] {
  return [...headers.values()].flatMap((value) => [value, ...value.split(' ')]).filter((s) => s.length >= 8);
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}
