export interface Backoff {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A process that ran this long was well: its crash is counted as the first. */
  readonly wellAfterMs: number;
  /** Quick failures in a row after which a part is given up. */
  readonly limit: number;
}

export const STANDARD_BACKOFF: Backoff = {
  firstDelayMs: 500,
  longestDelayMs: 10_000,
  wellAfterMs: 30_000,
  limit: 6,
};

export function countQuickFailures(before: number, ranForMs: number, { wellAfterMs }: Backoff): number {
  return ranForMs >= wellAfterMs ? 1 : before + 1;
}

export function restartDelayMs(quickFailures: number, { firstDelayMs, longestDelayMs }: Backoff): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (quickFailures - 1));
}
