/**
 * Task queue names. The bookkeeping queue carries the workflows too, so that their short activities start eagerly;
 * its name is the deployment's (`lm`), and the others are made from it.
 */
export const DEFAULT_QUEUE = 'lm';

export const cpuQueue = (base: string): string => `${base}-cpu`;

/** One queue per provider: concurrency, rate and pause belong to it. */
export const providerQueue = (base: string, provider: string): string => `${base}-${provider}`;
