import type { z } from 'zod';
import { ProviderError } from './error';
import { bounded, linesOf, readBounded } from './http-body';
import { startDeadline, type Deadline, type Timeouts } from './http-deadline';
import { jsonOrUndefined, networkError, secretsIn, statusError, vendorMessage } from './http-errors';
import type { Call } from './spec';

export type { Timeouts } from './http-deadline';

export interface VendorHttpSettings {
  readonly provider: string;
  /** Paths are appended; a path of its own is kept: `https://host/openai` + `/v1/models`. */
  readonly baseUrl: string;
  /** Sent with every request. Their values never appear in a message. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts: Timeouts;
  readonly maxAnswerBytes?: number;
  readonly fetch?: typeof fetch;
  /** Where a vendor says in words of its own when to come again; as `Retry-After` would. */
  readonly retryAfterOf?: (headers: Headers, nowMs: number) => string | null;
  /** Milliseconds since the epoch; a `Retry-After` date is measured against it. */
  readonly now?: () => number;
}

/** With a body (`json` or `form`) it is a POST, without one a GET unless said otherwise. */
export interface VendorRequest extends Call {
  readonly path: string;
  readonly method?: 'DELETE';
  readonly json?: unknown;
  readonly form?: FormData;
}

export interface VendorBytes {
  readonly bytes: Uint8Array;
  /** Lower case, without parameters; empty when the vendor did not say. */
  readonly mediaType: string;
}

export interface VendorHttp {
  forJson<T>(request: VendorRequest, answer: z.ZodType<T>): Promise<T>;
  forBytes(request: VendorRequest): Promise<VendorBytes>;
  /** A streamed answer as it comes; leaving the loop early hangs up. */
  forLines(request: VendorRequest): AsyncGenerator<string>;
  /** What the vendor says in a body that is a failure though its status was none; free of secrets. */
  saidIn(body: string): string;
}

/** Ten minutes of 24 kHz 16-bit speech are 29 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const NOTHING = new Uint8Array();

/**
 * The one place that calls vendors over HTTP. It never retries; every outcome is a value, a `ProviderError`
 * or, when the caller aborts, the signal's own reason.
 */
export function vendorHttp(settings: VendorHttpSettings): VendorHttp {
  const { provider, baseUrl, maxAnswerBytes = MAX_ANSWER_BYTES } = settings;
  const fetchAnswer = settings.fetch ?? fetch;
  const headers = validHeaders(provider, settings.headers ?? {});
  const secrets = secretsIn(headers);

  async function open(request: VendorRequest, deadline: Deadline): Promise<Response> {
    const { path, signal } = request;
    const response = await fetchAnswer(joinUrl(baseUrl, path), {
      ...requestInit(headers, request),
      // A redirect could carry the key to another host; as a status it is a permanent failure.
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    deadline.arrived();
    if (!response.ok) throw await failureOf(response, settings, secrets);
    return response;
  }

  async function exchange(request: VendorRequest): Promise<VendorBytes> {
    request.signal.throwIfAborted();
    const deadline = startDeadline(provider, settings.timeouts);
    try {
      const response = await open(request, deadline);
      const bytes = await readBounded(provider, response.body, maxAnswerBytes);
      return { bytes, mediaType: mediaTypeOf(response) };
    } catch (error) {
      throw outcomeOf(provider, error, request.signal);
    } finally {
      deadline.stop();
    }
  }

  async function* lines(request: VendorRequest): AsyncGenerator<string> {
    request.signal.throwIfAborted();
    const deadline = startDeadline(provider, settings.timeouts);
    try {
      const { body } = await open(request, deadline);
      for await (const line of linesOf(deadline.watched(bounded(provider, body, maxAnswerBytes)))) {
        // One chunk may hold many lines.
        request.signal.throwIfAborted();
        yield line;
      }
    } catch (error) {
      throw outcomeOf(provider, error, request.signal);
    } finally {
      deadline.stop();
    }
  }

  return {
    forJson: async (request, answer) => parseJson(provider, (await exchange(request)).bytes, answer),
    forBytes: exchange,
    forLines: lines,
    saidIn: (body) => vendorMessage(Buffer.from(body), secrets),
  };
}

async function failureOf(
  response: Response,
  { provider, retryAfterOf, now = Date.now }: VendorHttpSettings,
  secrets: readonly string[],
): Promise<ProviderError> {
  const { status, headers, body } = response;
  const said = await readBounded(provider, body, 64 * 1024).catch(() => NOTHING);
  const nowMs = now();
  // Vendors say it with every answer; it matters where it is the reason.
  const quotaEnds = (status === 429 && retryAfterOf?.(headers, nowMs)) || null;
  const retryAfter = headers.get('retry-after') ?? quotaEnds;
  return statusError(provider, { status, said: vendorMessage(said, secrets), retryAfter, nowMs });
}

/** The caller's reason goes out as it is; the deadline's is a ProviderError already. */
function outcomeOf(provider: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof ProviderError ? error : networkError(provider, error);
}

/**
 * A 2xx that is not what the vendor's API promises. It is transient: it comes from a proxy's page or a
 * half-started server far more often than from a changed API, and the breaker stops it when it stays.
 */
export function badAnswer(provider: string, what: string): ProviderError {
  return new ProviderError(`${provider}: ${what}`, { provider, code: 'BAD_ANSWER', transient: true });
}

export function parseJson<T>(provider: string, bytes: Uint8Array, answer: z.ZodType<T>): T {
  const value = jsonOrUndefined(bytes);
  if (value === undefined) throw badAnswer(provider, 'the answer is not JSON');
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badAnswer(provider, `unexpected answer at "${issue?.path.join('.')}": ${issue?.message}`);
}

function requestInit(headers: Headers, { json, form, method }: VendorRequest): RequestInit {
  if (form) return { method: 'POST', headers, body: form };
  if (json === undefined) return { method: method ?? 'GET', headers };
  const jsonHeaders = new Headers(headers);
  jsonHeaders.set('content-type', 'application/json');
  return { method: 'POST', headers: jsonHeaders, body: JSON.stringify(json) };
}

function validHeaders(provider: string, headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    // The original error quotes the value, which may be the key.
    throw new Error(`${provider}: a header cannot be sent; look for a line break in the API key`);
  }
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase();
}

function joinUrl(baseUrl: string, path: string): string {
  return baseUrl.replace(/\/+$/, '') + path;
}
