/** Why a vendor's call failed, decided once, where the answer is read. */
export interface ProviderErrorFacts {
  readonly provider: string;
  /** Machine-readable reason, for example `RATE_LIMITED`, `BAD_REQUEST`, `ENGINE_CRASHED`. */
  readonly code: string;
  /** Whether the same call may succeed later without a change on our side. */
  readonly transient: boolean;
  /** HTTP status, where the vendor speaks HTTP. */
  readonly status?: number;
  /** Seconds the vendor asked us to wait (`Retry-After`). */
  readonly retryAfterS?: number;
  /** What a person can do about it. */
  readonly hint?: string;
  /** False where we refused it ourselves, before any call: it says nothing about the vendor. */
  readonly asked?: false;
}

/** One absurd `Retry-After` must not stop a provider, or a job, until somebody looks. */
const LONGEST_RETRY_AFTER_S = 3600;

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly facts: ProviderErrorFacts;

  constructor(message: string, facts: ProviderErrorFacts, options?: ErrorOptions) {
    super(message, options);
    const { retryAfterS } = facts;
    this.facts =
      retryAfterS === undefined
        ? facts
        : { ...facts, retryAfterS: Math.min(retryAfterS, LONGEST_RETRY_AFTER_S) };
  }
}

interface Permanent {
  readonly code: string;
  /** What is wrong, without the provider's name. */
  readonly what: string;
  readonly hint?: string;
}

/** The same call would fail in the same way: the next provider is asked. */
export const permanent = (provider: string, { code, what, hint }: Permanent): ProviderError =>
  new ProviderError(`${provider}: ${what}`, { provider, code, transient: false, hint });

/** What we can see ourselves that the provider cannot do: nobody is called. */
export const unasked = (provider: string, { code, what, hint }: Permanent): ProviderError =>
  new ProviderError(`${provider}: ${what}`, { provider, code, transient: false, hint, asked: false });

/** The guard refuses calls while a vendor's circuit is open; no call was made. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  constructor(
    readonly provider: string,
    /** Seconds until the next probe is let through. */
    readonly retryAfterS: number,
    reason = `circuit open for another ${Math.ceil(retryAfterS)} s`,
  ) {
    super(`${provider}: ${reason}`);
  }
}

const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/** Network failures carry no status and are transient; unknown statuses are permanent. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUS.has(status);
}
