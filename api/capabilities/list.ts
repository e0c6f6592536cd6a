/** What workers offer, as everybody may know it: no operator's settings, no money spent. */
import { z } from 'zod';
import { unitsSchema } from '../../domain/cost';
import { bestOffers, offerSchema, type Offer } from '../../domain/offer';
import { isFree, priceOf } from '../../domain/prices';

const providerSchema = offerSchema
  .pick({
    ...{ provider: true, model: true, quality: true, configured: true, available: true },
    ...{ breaker: true, reachable: true, last_failure: true },
  })
  .extend({
    /** BCP 47 primary subtags; null where the provider decides by itself. */
    languages: z.array(z.string()).nullable(),
    voices: offerSchema.shape.voices,
    /** Why it cannot be used, and what to do about it; null where it can. */
    missing: z.object({ reason: z.string(), cure: z.string() }).nullable(),
    limits: z.object({ max_window_s: z.number().nullable(), dimension: z.number().nullable() }),
    /** Costs nothing, as far as we can tell. */
    free: z.boolean(),
    /** Millionths of a US dollar for one of each unit, by the list price of today; null where nobody knows. */
    price_micro_usd: unitsSchema.nullable(),
  });

export const capabilitySchema = z.object({ capability: z.string(), providers: z.array(providerSchema) });

const missingOf = ({ available, reason, cure }: Offer) =>
  available ? null : { reason: reason ?? 'it is not available', cure: cure ?? 'See GET /api/health' };

export function toProvider(offer: Offer): z.output<typeof providerSchema> {
  const { provider, model, quality, configured, available, breaker, reachable, last_failure } = offer;
  const { languages, voices, max_window_s, dimension } = offer;
  return {
    ...{ provider, model, quality, configured, available, languages, voices },
    ...{ breaker, reachable, last_failure },
    ...{ missing: missingOf(offer), limits: { max_window_s, dimension }, free: isFree(provider) },
    price_micro_usd: priceOf({ provider, model: model ?? '' }, new Date()) ?? null,
  };
}

export function capabilitiesOf(offers: readonly Offer[]): z.output<typeof capabilitySchema>[] {
  const best = bestOffers(offers);
  return [...new Set(best.map(({ capability }) => capability))].map((capability) => ({
    capability,
    providers: best.filter((offer) => offer.capability === capability).map(toProvider),
  }));
}
