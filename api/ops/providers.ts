/** Providers as operators see them: what they are, how they are, what was set for them, what they cost this month. */
import { z } from 'zod';
import { monthOf, toUsd } from '../../domain/cost';
import { bestOffers, keyOf, offerSchema, type Offer } from '../../domain/offer';
import type { Db } from '../../prisma/client';
import { usedByProvider } from '../../prisma/usage';
import { liveOffers } from './offers';

export const controlSchema = z.object({
  provider: z.string(),
  paused: z.boolean(),
  /** Tasks a second that its queue gives to the whole fleet; null: as many as there are. */
  rate_per_s: z.number().nullable(),
  reason: z.string(),
  set_by: z.uuid().nullable(),
  set_at: z.iso.datetime(),
});

const monthSchema = z.object({
  calls: z.number().int(),
  failed: z.number().int(),
  /** As far as prices are known. */
  usd: z.number(),
});

export const providerSchema = offerSchema.extend({
  /** Of how many workers the circuit is in which state. */
  circuits: z.object({ closed: z.number().int(), half_open: z.number().int(), open: z.number().int() }),
  control: controlSchema.nullable(),
  month: monthSchema,
});

export type ProviderView = z.output<typeof providerSchema>;
type Control = z.output<typeof controlSchema>;

const newest = (offers: readonly Offer[]) =>
  offers
    .flatMap(({ last_failure }) => last_failure ?? [])
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .at(0) ?? null;

/** Reached by one is reached; null where nobody has asked yet. */
const reachedBy = (offers: readonly Offer[]): boolean | null => {
  const known = offers.map(({ reachable }) => reachable).filter((reached) => reached !== null);
  return known.length === 0 ? null : known.includes(true);
};

const circuitsOf = (offers: readonly Offer[]): ProviderView['circuits'] => {
  const able = offers.filter(({ available }) => available);
  const count = (state: Offer['breaker']) => able.filter(({ breaker }) => breaker === state).length;
  return { closed: count('closed'), half_open: count('half_open'), open: count('open') };
};

export const toControl = (row: Omit<Control, 'set_at'> & { readonly set_at: Date }): Control => ({
  ...row,
  set_at: row.set_at.toISOString(),
});

export async function listProviders(db: Db): Promise<ProviderView[]> {
  const [{ offers }, controls, used] = await Promise.all([
    liveOffers(db),
    db.provider_controls.findMany(),
    usedByProvider(db, { since: monthOf(new Date()).begins }),
  ]);
  return bestOffers(offers).map((best) => {
    const same = offers.filter((offer) => keyOf(offer) === keyOf(best));
    const control = controls.find(({ provider }) => provider === best.provider);
    const month = used.find((use) => keyOf(use) === keyOf(best));
    const { calls = 0, failed = 0, micro_usd = 0 } = month ?? {};
    return {
      ...best,
      ...{ reachable: reachedBy(same), last_failure: newest(same), circuits: circuitsOf(same) },
      ...{ control: control ? toControl(control) : null, month: { calls, failed, usd: toUsd(micro_usd) } },
    };
  });
}
