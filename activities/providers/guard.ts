import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleType,
} from 'cockatiel';
import { aroundCalls } from './calls';
import { CircuitOpenError, ProviderError } from './error';
import type { ProviderInfo } from './spec';

export interface Circuit {
  readonly state: 'closed' | 'open' | 'half_open';
  /** Seconds until the next call may be tried; 0 when it may be tried now. */
  readonly retry_after_s: number;
  /** The vendor's latest transient failure; null once it has answered again. */
  readonly last_error: string | null;
  /** Whether it answered the latest call in any way; null before the first. */
  readonly reachable: boolean | null;
  /** The latest failure of any kind, kept when it has answered again. */
  readonly last_failure: { readonly code: string; readonly at: string } | null;
}

export interface GuardOptions {
  /** Transient answers in a row that open the circuit. */
  readonly threshold?: number;
  /** Seconds that it stays open before one probe is let through. */
  readonly cooldownS?: number;
  readonly onStateChange?: (circuit: Circuit) => void;
  /** Fails where it may not be called now, whatever its health; nothing of that counts. */
  readonly before?: () => Promise<void>;
}

export type Guarded<P extends ProviderInfo> = P & { readonly circuit: Circuit };

/** A vendor that asks for a longer wait than this is treated as down for that time. */
const PATIENCE_S = 10;
/** How long a refused caller should wait while a probe is under way; its real end is unknown. */
const PROBE_S = 1;
/** Nothing came back at all. */
const UNREACHED = ['NETWORK', 'TIMEOUT'];

const NAMES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
} as const;

/**
 * The same provider behind a circuit breaker of its own: methods that take a `Call` pass through it, everything
 * else is untouched, and `circuit` tells its state. One guarded object is one circuit, so a vendor's speech may
 * be down while its language model is up.
 *
 * A transient `ProviderError` counts against the vendor. A permanent one shows that the vendor is alive, so it
 * counts like a success. Anything else (an abort, a fault of ours) says nothing about the vendor.
 */
export function guard<P extends ProviderInfo>(provider: P, options: GuardOptions = {}): Guarded<P> {
  const breaker = createBreaker(provider.provider, options);
  const called = aroundCalls(provider, async (call, run) => {
    await options.before?.();
    return breaker.run(() => run(call));
  });
  return new Proxy(called, {
    get: (target, key) => (key === 'circuit' ? breaker.circuit() : Reflect.get(target, key)),
  }) as Guarded<P>;
}

/** Carries a failure through cockatiel with the verdict that it opens the circuit, and for how long. */
class Opening extends Error {
  constructor(
    readonly seconds: number,
    readonly failure: unknown,
  ) {
    super();
  }
}

/** What the vendor's answers say about its health. */
function createTally({ threshold = 5, cooldownS = 30 }: GuardOptions) {
  let transientInARow = 0;
  let lastError: string | null = null;
  let reachable: Circuit['reachable'] = null;
  let lastFailure: Circuit['last_failure'] = null;

  function answered(): void {
    transientInARow = 0;
    lastError = null;
    reachable = true;
  }

  function noteFailure({ code }: ProviderError['facts']): void {
    lastFailure = { code, at: new Date(Date.now()).toISOString() };
    reachable = !UNREACHED.includes(code);
  }

  /** Seconds to open for; undefined leaves the state to itself: closed stays closed, a probe closes. */
  function opensFor(error: unknown, isProbe: boolean): number | undefined {
    // After an aborted probe the circuit stays open and the very next call is the probe.
    if (!(error instanceof ProviderError) || error.facts.asked === false) return isProbe ? 0 : undefined;
    noteFailure(error.facts);
    if (!error.facts.transient) {
      answered();
      return undefined;
    }
    transientInARow += 1;
    lastError = error.message;
    const { retryAfterS = 0 } = error.facts;
    if (retryAfterS > PATIENCE_S) return retryAfterS;
    return isProbe || transientInARow >= threshold ? cooldownS : undefined;
  }

  const facts = () => ({ last_error: lastError, reachable, last_failure: lastFailure });
  return { answered, opensFor, facts };
}

/** Cockatiel keeps the states and picks the probe; the tally decides what opens the circuit and for how long. */
function createBreaker(name: string, options: GuardOptions) {
  const tally = createTally(options);
  let probeAtMs = 0;

  const policy = circuitBreaker(handleType(Opening), {
    breaker: new ConsecutiveBreaker(1),
    halfOpenAfter: new DelegateBackoff(({ result }) => {
      const ms = 'error' in result && result.error instanceof Opening ? result.error.seconds * 1000 : 0;
      probeAtMs = Date.now() + ms;
      return ms;
    }),
  });
  policy.onStateChange(() => options.onStateChange?.(circuit()));

  function circuit(): Circuit {
    return { state: NAMES[policy.state], retry_after_s: secondsToWait(), ...tally.facts() };
  }

  function secondsToWait(): number {
    if (policy.state === CircuitState.Closed) return 0;
    return policy.state === CircuitState.HalfOpen ? PROBE_S : Math.max(0, (probeAtMs - Date.now()) / 1000);
  }

  async function judged<T>(call: () => Promise<T>, isProbe: boolean): Promise<T> {
    // A call that began before the circuit opened has no say in what the probe decides.
    const isLate = () => !isProbe && policy.state !== CircuitState.Closed;
    try {
      const value = await call();
      if (!isLate()) tally.answered();
      return value;
    } catch (error) {
      const seconds = isLate() ? undefined : tally.opensFor(error, isProbe);
      throw seconds === undefined ? error : new Opening(seconds, error);
    }
  }

  async function run<T>(call: () => Promise<T>): Promise<T> {
    // Cockatiel would queue these behind the probe and then let all of them through.
    if (policy.state === CircuitState.HalfOpen) throw new CircuitOpenError(name, secondsToWait());
    const isProbe = policy.state === CircuitState.Open;
    try {
      return await policy.execute(() => judged(call, isProbe));
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new CircuitOpenError(name, secondsToWait());
      throw error instanceof Opening ? error.failure : error;
    }
  }

  return { run, circuit };
}
