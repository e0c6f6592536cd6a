/** Settings in, guarded capabilities out. Creating them does no I/O. */
import { EXTRACTIVE, type Offer } from '../../domain/offer';
import { makeAdapters } from './adapters';
import { ProviderError } from './error';
import { guard, type Circuit, type Guarded } from './guard';
import { metered, type ProviderCall } from './metered';
import { asExtractive, asOffer, asUnlisted, isMissing, notListed, type Missing } from './offers';
import type { AdapterSettings } from './settings';
import type { Capabilities, Capability, ProviderInfo } from './spec';

export type { Circuit, ProviderCall };
export type { Units } from './spec';

export interface ProviderSettings extends AdapterSettings {
  /** Per capability the providers in order of preference. */
  readonly order: { readonly [Name in Capability]: readonly string[] };
  readonly breakerCooldownS: number;
  readonly watch?: ProviderWatch;
}

/** Who listens to what providers do, and who may keep them from doing it. */
export interface ProviderWatch {
  onCall(call: ProviderCall): void;
  onCircuit(of: { capability: Capability; provider: string; circuit: Circuit }): void;
  /** Before each call: fails where the provider may not be called now. */
  before(provider: string): Promise<void>;
}

type Entry<Name extends Capability> = Guarded<Capabilities[Name]> | Missing;

export interface Providers {
  /** The guarded provider; a missing one fails like a vendor that says no. */
  get<Name extends Capability>(capability: Name, provider: string): Guarded<Capabilities[Name]>;
  /** Everything that is configured, available or not, in order of preference; then what else could be. */
  offers(): Offer[];
}

export function createProviders(settings: ProviderSettings): Providers {
  const { order, breakerCooldownS: cooldownS, watch } = settings;
  const capabilities = Object.keys(order) as Capability[];
  const made = new Map<string, Guarded<Capabilities[Capability]>>();

  function entryOf(capability: Capability, provider: string): Entry<Capability> {
    const key = `${capability}/${provider}`;
    const known = made.get(key);
    if (known) return known;
    const make = order[capability].includes(provider)
      ? makeAdapters(settings)[capability][provider]
      : undefined;
    const adapter = make?.() ?? notListed(capability, provider);
    if (isMissing(adapter)) return adapter;
    const counted = watch ? metered(adapter, capability, watch.onCall) : adapter;
    const guarded = guard(counted, {
      cooldownS,
      onStateChange: (circuit) => watch?.onCircuit({ capability, provider, circuit }),
      before: async () => watch?.before(provider),
    });
    made.set(key, guarded);
    return guarded;
  }

  function offerOf(capability: Capability, provider: string): Offer {
    if (provider === EXTRACTIVE) {
      const [embedder] = order.embedder;
      return asExtractive(embedder === undefined ? undefined : offerOf('embedder', embedder));
    }
    return asOffer(capability, provider, entryOf(capability, provider));
  }

  /** They cannot change without a restart. */
  let unlisted: Offer[] | undefined;

  function unlistedOffers(): Offer[] {
    const table: Readonly<Record<Capability, Readonly<Record<string, () => ProviderInfo | Missing>>>> =
      makeAdapters(settings);
    return capabilities.flatMap((capability) =>
      Object.entries(table[capability])
        .filter(([provider]) => !order[capability].includes(provider))
        .map(([provider, make]) => asUnlisted(capability, provider, make())),
    );
  }

  return {
    get<Name extends Capability>(capability: Name, provider: string) {
      const entry = entryOf(capability, provider);
      if (!isMissing(entry)) return entry as unknown as Guarded<Capabilities[Name]>;
      // Another worker may have it, and takes the next attempt.
      const facts = { provider, code: 'NOT_CONFIGURED', transient: true, hint: entry.cure };
      throw new ProviderError(`${provider}: ${entry.reason}`, facts);
    },
    offers: () => [
      ...capabilities.flatMap((capability) =>
        order[capability].map((provider) => offerOf(capability, provider)),
      ),
      ...(unlisted ??= unlistedOffers()),
    ],
  };
}
