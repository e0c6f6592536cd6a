import { heldBecause } from '../domain/control';
import { primaryOf } from '../domain/language';
import { bestOffers, readOffers, type Offer } from '../domain/offer';
import type { Db } from '../prisma/client';
import { isFree } from '../domain/prices';
import { liveWorkers } from '../prisma/workers';
import type { Budgets, Refusal } from './budgets';
import type { Capability } from './providers/spec';

/** What is wanted of a provider. */
export interface Wanted {
  readonly capability: Capability;
  /** `fast` takes the quickest engine first. */
  readonly quality?: 'fast' | 'standard';
  /** BCP 47; a provider that does not speak it is left out, rather than guessing. */
  readonly language?: string;
}

export interface ProviderNeeds extends Wanted {
  /** Whose money it is. */
  readonly job_id: string;
}

export interface PlannedProvider {
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
  /** Seconds of audio from which the vendor is left to work on its own; null where it cannot. */
  readonly batch_from_s: number | null;
}

interface Missing extends Refusal {
  readonly provider: string;
  readonly code: 'PROVIDER_UNAVAILABLE' | 'BUDGET_EXHAUSTED';
}

/** What operators and budgets say of providers, beside what the workers say. */
export interface Standing {
  /** Provider → why operators keep it from being called. */
  readonly held: ReadonlyMap<string, string>;
  /** Provider → why it costs too much. */
  readonly unaffordable: ReadonlyMap<string, Refusal>;
}

export interface ProviderPlan {
  readonly providers: readonly PlannedProvider[];
  /** The first choice by configuration, and what speaks against it now: a result of another one says so. */
  readonly preferred: { readonly provider: string; readonly reason: string | null } | null;
  readonly missing: readonly Missing[];
  /** Seconds after which a step stops waiting for circuits to close. */
  readonly total_s: number;
}

const speaks = (offer: Offer, language: string | undefined): boolean =>
  !language || !offer.languages || offer.languages.includes(primaryOf(language));

/** The quickest engine first, where that was asked for; else as configured. */
const slower = (offer: Offer, needs: Wanted): number =>
  needs.quality === 'fast' && offer.provider !== 'moonshine' ? 1 : 0;

const toPlanned = ({ provider, model, quality, batch_from_s }: Offer): PlannedProvider => ({
  ...{ provider, model: model ?? '', quality: quality ?? '', batch_from_s },
});

const OTHERWISE = 'Choose another language or configure another provider';

/** Why an offer is of no use here; undefined for one that is. */
function refusalOf(offer: Offer, language: string | undefined, standing: Standing): Missing | undefined {
  const { provider, cure } = offer;
  const unable = { provider, code: 'PROVIDER_UNAVAILABLE' } as const;
  if (!offer.available)
    return { ...unable, reason: offer.reason ?? 'it is not available', cure: cure ?? OTHERWISE };
  if (!speaks(offer, language))
    return { ...unable, reason: `it does not speak ${language}`, cure: cure ?? OTHERWISE };
  const tooMuch = standing.unaffordable.get(provider);
  return tooMuch && { provider, code: 'BUDGET_EXHAUSTED', ...tooMuch };
}

/** Why an offer is asked last, though it could do it: its circuit may close, an operator may let go. */
const sickness = ({ provider, breaker }: Offer, { held }: Standing): string | undefined =>
  held.get(provider) ?? (breaker === 'open' ? 'its circuit is open' : undefined);

export function planFrom(
  offers: readonly Offer[],
  needs: Wanted,
  standing: Standing = { held: new Map(), unaffordable: new Map() },
): Omit<ProviderPlan, 'total_s'> {
  const fitting = offers.filter(
    ({ configured, capability }) => configured && capability === needs.capability,
  );
  const wanted = bestOffers(fitting).sort((a, b) => slower(a, needs) - slower(b, needs));
  const refused = (offer: Offer) => refusalOf(offer, needs.language, standing);
  const able = wanted.filter((offer) => !refused(offer));
  const isSick = (offer: Offer) => sickness(offer, standing) !== undefined;
  const [first] = wanted;
  const against = first && (refused(first)?.reason ?? sickness(first, standing) ?? null);
  return {
    providers: [...able.filter((offer) => !isSick(offer)), ...able.filter(isSick)].map(toPlanned),
    preferred: first ? { provider: first.provider, reason: against ?? null } : null,
    missing: wanted.flatMap((offer) => refused(offer) ?? []),
  };
}

interface PlanDeps {
  readonly db: Db;
  readonly stepTimeoutS: number;
  readonly budgets: Budgets;
}

export function createPlanActivities({ db, stepTimeoutS, budgets }: PlanDeps) {
  async function standingOf(offers: readonly Offer[], job_id: string): Promise<Standing> {
    const controls = await db.provider_controls.findMany({ where: { paused: true } });
    const held = new Map(controls.map(({ provider, reason }) => [provider, heldBecause(reason)]));
    // The money is the same, whoever of those who cost some is asked.
    const paid = offers.map(({ provider }) => provider).filter((provider) => !isFree(provider));
    const refusal = paid[0] === undefined ? undefined : await budgets.refusal(job_id, paid[0]);
    const unaffordable = new Map(refusal ? paid.map((provider) => [provider, refusal]) : []);
    return { held, unaffordable };
  }

  return {
    /** Which providers can do it now, in order. */
    async planProviders(needs: ProviderNeeds): Promise<ProviderPlan> {
      const live = (await liveWorkers(db)).flatMap(readOffers);
      const offers = live.filter(({ capability }) => capability === needs.capability);
      const standing = await standingOf(offers, needs.job_id);
      return { ...planFrom(offers, needs, standing), total_s: stepTimeoutS };
    },
  };
}
