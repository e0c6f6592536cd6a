import { z } from 'zod';

/** What a vendor bills; every adapter says what its vendor counts, for answers of no use too. */
export const unitsSchema = z
  .object({
    input_tokens: z.number(),
    output_tokens: z.number(),
    /** Of text spoken. */
    characters: z.number(),
    /** Of sound. */
    seconds: z.number(),
    images: z.number(),
  })
  .partial();

export type Units = z.output<typeof unitsSchema>;

export function addUnits(sum: Units, more: Units): Units {
  const counts = Object.entries(more) as [keyof Units, number][];
  return counts.reduce<Units>((all, [unit, count]) => ({ ...all, [unit]: (all[unit] ?? 0) + count }), sum);
}

/** Money in US dollars. What has no known price is named instead of being left out. */
const moneySchema = z.object({
  usd: z.number(),
  /** `provider/model` whose price nobody knows. */
  unpriced: z.array(z.string()),
});

export const estimatedCostSchema = moneySchema;

const useSchema = unitsSchema.required().extend({
  capability: z.string(),
  provider: z.string(),
  model: z.string(),
  calls: z.number().int(),
  /** Calls among these that failed. */
  failed: z.number().int(),
  usd: z.number().nullable(),
});

/** Over all runs of a job. */
export const costSchema = moneySchema.extend({ uses: z.array(useSchema) });

export type EstimatedCost = z.output<typeof estimatedCostSchema>;
type Use = z.output<typeof useSchema>;
export type Cost = z.output<typeof costSchema>;

/** The database counts in millionths of a dollar. */
export const toUsd = (micro_usd: number): number => Math.round(micro_usd) / 1_000_000;

/** The sum of what was used of one model; no `micro_usd` where a part of it has no known price. */
export type Used = Omit<Use, 'usd'> & { readonly micro_usd: number | null };

export function asCost(used: readonly Used[]): Cost {
  const uses = used.map(({ micro_usd, ...use }) => ({
    ...use,
    usd: micro_usd === null ? null : toUsd(micro_usd),
  }));
  const unpriced = uses
    .filter(({ usd }) => usd === null)
    .map(({ provider, model }) => `${provider}/${model}`);
  return { usd: toUsd(used.reduce((sum, { micro_usd }) => sum + (micro_usd ?? 0), 0)), unpriced, uses };
}

/** The first moment of this calendar month and of the next one, in UTC. */
export const monthOf = (now: Date): { readonly begins: Date; readonly ends: Date } => ({
  begins: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  ends: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)),
});
