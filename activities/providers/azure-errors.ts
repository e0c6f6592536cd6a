/** How a connection's end becomes a `ProviderError`. The SDK's own texts may hold the key, so none is used. */
import { CancellationErrorCode } from 'microsoft-cognitiveservices-speech-sdk';
import { PROVIDER } from './azure';
import { ProviderError, type ProviderErrorFacts } from './error';
import { statusError } from './http-errors';

const HINTS: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'Check AZURE_SPEECH_KEY, and that it belongs to AZURE_SPEECH_REGION.',
  FORBIDDEN: 'Check what the key of Azure Speech is allowed to do.',
  NOT_FOUND: 'Check AZURE_SPEECH_REGION and AZURE_SPEECH_ENDPOINT.',
  RATE_LIMITED:
    'Ask for a higher quota: https://learn.microsoft.com/azure/ai-services/speech-service/speech-services-quotas-and-limits',
};

type Facts = Pick<ProviderErrorFacts, 'code' | 'transient'> & Partial<ProviderErrorFacts>;

const failure = (what: string, facts: Facts): ProviderError =>
  new ProviderError(`${PROVIDER}: ${what}`, { provider: PROVIDER, hint: HINTS[facts.code], ...facts });

const hinted = ({ message, facts }: ProviderError): ProviderError =>
  new ProviderError(message, { ...facts, hint: HINTS[facts.code] });

/** The answer to the request for a connection, where it is a no. */
export const refusal = (status: number, retryAfter: string | null): ProviderError =>
  hinted(statusError(PROVIDER, { status, said: '', retryAfter, nowMs: Date.now() }));

export interface Closed {
  /** https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
  readonly code: number;
  readonly reason: string;
}

/**
 * What the service writes beside the code tells more than the code: it closes with 1007 for malformed requests and
 * for quotas alike ("Quota exceeded", "Throttled due to too many requests").
 */
const WORDS: readonly (readonly [RegExp, string, boolean])[] = [
  [/quota|throttl|too ?many ?requests|resource ?exhausted|rate limit/i, 'RATE_LIMITED', true],
  [/unauthori[sz]ed|authenticat|\b401\b/i, 'UNAUTHORIZED', false],
  [/forbidden|\b403\b/i, 'FORBIDDEN', false],
  [/time(d )?-?out/i, 'TIMEOUT', true],
];

/** What asking again will not mend, as the SDK has it too. */
const REFUSED_CODES = new Set([1002, 1003, 1007, 4000]);
/** No frame came: the connection was cut. */
const CUT = 1006;

/** A close before the answer was complete. */
export function closeError({ code, reason }: Closed, key: string): ProviderError {
  const said = reason.replaceAll(key, '[secret]').replace(/\s+/g, ' ').trim().slice(0, 200);
  const what = `closed with ${code}${said && `: ${said}`}`;
  const words = WORDS.find(([pattern]) => pattern.test(said));
  const retryAfterS = /retry(?:ing)? after (\d+)/i.exec(said)?.[1];
  const wait = retryAfterS === undefined ? {} : { retryAfterS: Number(retryAfterS) };
  if (words) return failure(what, { code: words[1], transient: words[2], ...wait });
  if (code === CUT) return failure('the connection was cut', { code: 'NETWORK', transient: true });
  if (REFUSED_CODES.has(code)) return failure(what, { code: 'BAD_REQUEST', transient: false });
  // 4429 is HTTP's 429, and so on.
  if (code > 4_400 && code < 4_600) {
    const { facts } = refusal(code - 4_000, null);
    return failure(what, { ...facts, status: undefined, ...wait });
  }
  return failure(what, { code: 'UNAVAILABLE', transient: true, ...wait });
}

/** https://learn.microsoft.com/javascript/api/microsoft-cognitiveservices-speech-sdk/cancellationerrorcode */
const CANCELLED: Readonly<Record<CancellationErrorCode, readonly [code: string, transient: boolean]>> = {
  [CancellationErrorCode.NoError]: ['UNAVAILABLE', true],
  [CancellationErrorCode.AuthenticationFailure]: ['UNAUTHORIZED', false],
  [CancellationErrorCode.BadRequestParameters]: ['BAD_REQUEST', false],
  [CancellationErrorCode.TooManyRequests]: ['RATE_LIMITED', true],
  [CancellationErrorCode.ConnectionFailure]: ['NETWORK', true],
  [CancellationErrorCode.ServiceTimeout]: ['TIMEOUT', true],
  [CancellationErrorCode.ServiceError]: ['UNAVAILABLE', true],
  // Only ever from sending audio that the connection no longer takes.
  [CancellationErrorCode.RuntimeError]: ['NETWORK', true],
  // "A quota overrun on existing key".
  [CancellationErrorCode.Forbidden]: ['RATE_LIMITED', true],
};

/** What the service or the SDK itself gave up for. */
export function cancellation(errorCode: CancellationErrorCode): ProviderError {
  const [code, transient] = CANCELLED[errorCode] ?? CANCELLED[CancellationErrorCode.NoError];
  return failure(`cancelled: ${CancellationErrorCode[errorCode] ?? 'unknown reason'}`, { code, transient });
}
