/** The step cache: a finished step's pure result is kept before it is returned, and nobody makes it twice at once. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { createStepResults } from './step-results';

export interface OnceKey {
  readonly owner_id: string;
  readonly step: string;
  /** Raised when the step's code gives other results for the same input. */
  readonly version: number;
  /** SHA-256 names of what the step reads. */
  readonly blobs: readonly string[];
  readonly parameters: Record<string, unknown>;
  readonly provider?: string;
  readonly model?: string;
  /** Set by `force: true`: the job for which everything is made anew, once. */
  readonly fresh_for?: string | null;
}

export interface OnceCall {
  /** Whoever holds the lease; a later attempt of the same activity is the same holder. */
  readonly holder: string;
  readonly signal: AbortSignal;
}

export type Once = <T extends object>(key: OnceKey, call: OnceCall, produce: () => Promise<T>) => Promise<T>;

/** JSON with sorted keys, so that equal parameters give equal keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .join(',')}}`;
}

export function keyOf(key: OnceKey): string {
  return createHash('sha256')
    .update(canonical({ ...key, fresh_for: key.fresh_for ?? undefined }))
    .digest('hex');
}

const POLL_MS = 250;

/** `leaseMs` is how long a crashed holder blocks others; a living one renews it in time. */
export function createOnce(deps: { db: Db; blobs: Blobs; leaseMs?: number }): Once {
  const { leaseMs = 10_000 } = deps;
  const results = createStepResults(deps, leaseMs);

  async function make<T extends object>(
    id: string,
    { holder, signal }: OnceCall,
    produce: () => Promise<T>,
  ): Promise<T> {
    // A renewal that fails is made up for by the next one.
    const timer = setInterval(() => void results.renew(id, holder).catch(() => undefined), leaseMs / 3);
    try {
      const result = await produce();
      await results.keep(id, result, signal);
      return result;
    } catch (error) {
      // This error is the one to report; an unreleased lease runs out by itself.
      await results.release(id, holder).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  return async <T extends object>(key: OnceKey, call: OnceCall, produce: () => Promise<T>) => {
    const id = keyOf(key);
    for (;;) {
      const found = await results.find<T>(id);
      if (found) return found;
      if (await results.acquire(id, key, call.holder)) return make(id, call, produce);
      await sleep(POLL_MS, undefined, { signal: call.signal });
    }
  };
}
