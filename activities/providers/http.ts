import type { z } from 'zod';
import { ProviderError } from './error';
import { jsonOrUndefined, networkError, secretsIn, statusError, vendorMessage } from './http-errors';
import type { Call } from './spec';

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

export interface Timeouts {
  /** From the start, connecting included, to the answer's headers. Node itself gives up after 300 s. */
  readonly firstByteMs: number;
  /** From the start to the answer's last byte. */
  readonly totalMs: number;
}

/** With a body (`json` or `form`) it is a POST, without one a GET. */
export interface VendorRequest extends Call {
  readonly path: string;
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
}

/** Ten minutes of 24 kHz 16-bit speech are 29 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const NOTHING = new Uint8Array();

/**
 * The one place that calls vendors over HTTP. It never retries; every outcome is a value, a `ProviderError`
 * or, when the caller aborts, the signal's own reason.
 */
export function vendorHttp(settings: VendorHttpSettings): VendorHttp {
  const { provider, baseUrl, maxAnswerBytes = MAX_ANSWER_BYTES, now = Date.now, retryAfterOf } = settings;
  const fetchAnswer = settings.fetch ?? fetch;
  const headers = validHeaders(provider, settings.headers ?? {});
  const secrets = secretsIn(headers);

  async function exchange({ path, json, form, signal }: VendorRequest): Promise<VendorBytes> {
    signal.throwIfAborted();
    const deadline = startDeadline(provider, settings.timeouts);
    try {
      const response = await fetchAnswer(joinUrl(baseUrl, path), {
        ...requestBody(headers, json, form),
        // A redirect could carry the key to another host; as a status it is a permanent failure.
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      deadline.firstByteCame();
      if (!response.ok) throw await failureOf(response);
      const bytes = await readBounded(provider, response.body, maxAnswerBytes);
      return { bytes, mediaType: mediaTypeOf(response) };
    } catch (error) {
      // The caller's reason goes out as it is; the deadline's is a ProviderError already.
      signal.throwIfAborted();
      throw error instanceof ProviderError ? error : networkError(provider, error);
    } finally {
      deadline.stop();
    }
  }

  /** Vendors say it with every answer; it matters where it is the reason. */
  const quotaEnds = ({ status, headers: said }: Response): string | null =>
    (status === 429 && retryAfterOf?.(said, now())) || null;

  async function failureOf(response: Response): Promise<ProviderError> {
    const body = await readBounded(provider, response.body, 64 * 1024).catch(() => NOTHING);
    return statusError(provider, {
      status: response.status,
      said: vendorMessage(body, secrets),
      retryAfter: response.headers.get('retry-after') ?? quotaEnds(response),
      nowMs: now(),
    });
  }

  return {
    forJson: async (request, answer) => parseJson(provider, (await exchange(request)).bytes, answer),
    forBytes: exchange,
  };
}

/**
 * A 2xx that is not what the vendor's API promises. It is transient: it comes from a proxy's page or a
 * half-started server far more often than from a changed API, and the breaker stops it when it stays.
 */
export function badAnswer(provider: string, what: string): ProviderError {
  return new ProviderError(`${provider}: ${what}`, { provider, code: 'BAD_ANSWER', transient: true });
}

function parseJson<T>(provider: string, bytes: Uint8Array, answer: z.ZodType<T>): T {
  const value = jsonOrUndefined(bytes);
  if (value === undefined) throw badAnswer(provider, 'the answer is not JSON');
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badAnswer(provider, `unexpected answer at "${issue?.path.join('.')}": ${issue?.message}`);
}

async function readBounded(provider: string, body: Response['body'], limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) {
      const facts = { provider, code: 'ANSWER_TOO_LARGE', transient: false };
      throw new ProviderError(`${provider}: the answer is larger than ${limit} bytes`, facts);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function startDeadline(provider: string, { firstByteMs, totalMs }: Timeouts) {
  const controller = new AbortController();
  const abortAfter = (ms: number, what: string) =>
    setTimeout(() => {
      const facts = { provider, code: 'TIMEOUT', transient: true };
      controller.abort(new ProviderError(`${provider}: no ${what} within ${ms / 1000} s`, facts));
    }, ms);
  const firstByte = abortAfter(firstByteMs, 'answer');
  const total = abortAfter(totalMs, 'complete answer');
  return {
    signal: controller.signal,
    firstByteCame: () => clearTimeout(firstByte),
    stop: () => [firstByte, total].forEach(clearTimeout),
  };
}

function requestBody(headers: Headers, json: unknown, form: FormData | undefined): RequestInit {
  if (form) return { method: 'POST', headers, body: form };
  if (json === undefined) return { method: 'GET', headers };
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
