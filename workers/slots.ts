/** How much a worker does at once, per queue. Concurrency and rate belong to the queue, not to the code that uses it. */

export interface Slots {
  /** Activities at once in this process. */
  readonly concurrency: number;
}

/** Vendors over the network wait most of the time; engines of our own need a core each. */
const NETWORK_SLOTS = 8;

const NETWORK_PROVIDERS = new Set(['openai', 'azure', 'bedrock', 'ollama', 'pexels']);

/** `cores` native calls side by side, and as many of our own CPU steps. */
export const cpuSlots = (cores: number): Slots => ({ concurrency: cores });

export const providerSlots = (provider: string, cores: number): Slots => ({
  concurrency: NETWORK_PROVIDERS.has(provider) ? NETWORK_SLOTS : cores,
});

/** Rows and plans are short; the database's pool is the limit. */
export const BOOKKEEPING_SLOTS: Slots = { concurrency: 16 };
