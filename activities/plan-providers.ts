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
  /** The first choice by configuration, and what speaks against it now: a result of another one says so. */
  readonly preferred: { readonly provider: string; readonly reason: string | null } | null;
  readonly missing: readonly { provider: string; reason: string; cure: string }[];
  /** Seconds after which a step stops waiting for circuits to close. */
  readonly total_s: number;
}

/** A worker writes every 15 s; one that missed two is gone. */
const FRESH_MS = 45_000;

const primary = (language: string): string => language.split('-')[0] ?? language;

const speaks = (offer: Offer, language: string | undefined): boolean =>
  !language || !offer.languages || offer.languages.includes(primary(language));

/** The quickest engine first, where that was asked for; else as configured. */
const slower = (offer: Offer, needs: ProviderNeeds): number =>
  needs.quality === 'fast' && offer.provider !== 'moonshine' ? 1 : 0;

/** One offer per provider, in the configured order: what one worker has counts, whatever another lacks. */
function bestOffers(offers: readonly Offer[], capability: Capability): Offer[] {
  const fitting = offers.filter((offer) => offer.capability === capability);
  const names = [...new Set(fitting.map((offer) => offer.provider))];
  return names.map((name) => {
    const same = fitting.filter((offer) => offer.provider === name);
    const able = same.filter((offer) => offer.available);
    return able.find((offer) => offer.breaker !== 'open') ?? able[0] ?? same[0]!;
  });
}

/** Why an offer is of no use here; null for one that is. */
function refusal(offer: Offer, language: string | undefined): string | null {
  if (!offer.available) return offer.reason ?? 'it is not available';
  return speaks(offer, language) ? null : `it does not speak ${language}`;
}

const toPlanned = ({ provider, model, quality }: Offer): PlannedProvider => ({
  ...{ provider, model: model ?? '', quality: quality ?? '' },
});

export function planFrom(offers: readonly Offer[], needs: ProviderNeeds): Omit<ProviderPlan, 'total_s'> {
  const wanted = bestOffers(offers, needs.capability).sort((a, b) => slower(a, needs) - slower(b, needs));
  const able = wanted.filter((offer) => refusal(offer, needs.language) === null);
  const isSick = (offer: Offer) => offer.breaker === 'open';
  const [first] = wanted;
  return {
    providers: [...able.filter((offer) => !isSick(offer)), ...able.filter(isSick)].map(toPlanned),
    preferred: first ? { provider: first.provider, reason: reasonAgainst(first, needs.language) } : null,
    missing: wanted
      .filter((offer) => !able.includes(offer))
      .map((offer) => ({
        provider: offer.provider,
        reason: refusal(offer, needs.language) ?? '',
        cure: offer.cure ?? 'Choose another language or configure another provider',
      })),
  };
}

const reasonAgainst = (offer: Offer, language: string | undefined): string | null =>
  refusal(offer, language) ?? (offer.breaker === 'open' ? 'its circuit is open' : null);

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
