import { offerSchema, type Offer } from '../domain/offer';
import type { Db } from '../prisma/client';
import type { Capability } from './providers/spec';

export interface ProviderNeeds {
  readonly capability: Capability;
  /** `fast` takes the quickest engine first. */
  readonly quality?: 'fast' | 'standard';
  /** BCP 47; a provider that does not speak it is left out, rather than guessing. */
  readonly language?: string;
}

export interface PlannedProvider {
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
}

export interface ProviderPlan {
  readonly providers: readonly PlannedProvider[];
  readonly missing: readonly { provider: string; reason: string; cure: string }[];
  /** Seconds after which a step stops waiting for circuits to close. */
  readonly total_s: number;
}

/** A worker writes every 15 s; one that missed two is gone. */
const FRESH_MS = 45_000;

const primary = (language: string): string => language.split('-')[0] ?? language;

const speaks = (offer: Offer, language: string | undefined): boolean =>
  !language || !offer.languages || offer.languages.includes(primary(language));

/** Lower comes first; equal ones keep the configured order. */
function rank(offer: Offer, needs: ProviderNeeds): number {
  const sick = offer.breaker === 'open' ? 10 : 0;
  const slow = needs.quality === 'fast' && offer.provider !== 'moonshine' ? 1 : 0;
  return sick + slow;
}

/** Offers of all workers: what one has counts, whatever another lacks. */
export function planFrom(offers: readonly Offer[], needs: ProviderNeeds): Omit<ProviderPlan, 'total_s'> {
  const names = [...new Set(offers.filter((o) => o.capability === needs.capability).map((o) => o.provider))];
  const best = names.map((name) => {
    const same = offers.filter((o) => o.capability === needs.capability && o.provider === name);
    return same.find((o) => o.available && o.breaker !== 'open') ?? same.find((o) => o.available) ?? same[0]!;
  });
  const able = best.filter((offer) => offer.available && speaks(offer, needs.language));
  const providers = able
    .map((offer, index) => ({ offer, order: rank(offer, needs) * 100 + index }))
    .sort((a, b) => a.order - b.order)
    .map(({ offer }) => ({
      provider: offer.provider,
      model: offer.model ?? '',
      quality: offer.quality ?? '',
    }));
  const missing = best
    .filter((offer) => !able.includes(offer))
    .map((offer) => ({
      provider: offer.provider,
      reason: offer.available ? `does not speak ${needs.language}` : (offer.reason ?? 'not available'),
      cure: offer.cure ?? 'Choose another language or configure another provider',
    }));
  return { providers, missing };
}

export function createPlanActivities({ db, stepTimeoutS }: { db: Db; stepTimeoutS: number }) {
  return {
    /** Which providers can do it now, in order. */
    async planProviders(needs: ProviderNeeds): Promise<ProviderPlan> {
      const since = new Date(Date.now() - FRESH_MS);
      const workers = await db.workers.findMany({
        where: { seen_at: { gte: since } },
        orderBy: { id: 'asc' },
      });
      const offers = workers.flatMap((worker) => offerSchema.array().parse(worker.offers));
      return { ...planFrom(offers, needs), total_s: stepTimeoutS };
    },
  };
}
