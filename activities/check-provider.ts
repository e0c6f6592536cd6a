/** Are the providers ready? What is missing is said, what is there is asked something small. */
import { bestOffers, EXTRACTIVE, readOffers, type Offer } from '../domain/offer';
import type { Db } from '../prisma/client';
import { liveWorkers } from '../prisma/workers';
import { currentCall } from './call';
import type { Providers } from './providers/registry';
import type { Capability } from './providers/spec';
import { tryProvider, type Failure, type ProviderCheck } from './try-provider';
import { LIVE_COLLECTION } from '../store/vectors';

export interface Candidate {
  readonly capability: Capability;
  readonly provider: string;
  /** What speaks against asking it at all. */
  readonly missing: { readonly message: string; readonly hint: string } | null;
}

const candidateOf = ({ capability, provider, available, reason, cure }: Offer): Candidate => ({
  ...{ capability: capability as Capability, provider },
  missing: available ? null : { message: reason ?? 'it is not available', hint: cure ?? '' },
});

interface CheckDeps {
  readonly db: Db;
  readonly providers: Providers;
  /** The embedder that the extractive writer measures with. */
  readonly embedder: string;
}

export function createCheckActivities({ db, providers, embedder }: CheckDeps) {
  /** Vectors of another model than the collection's are of no use here. */
  async function otherVectors(provider: string): Promise<Failure | undefined> {
    const held = await db.vector_collections.findUnique({ where: { name: LIVE_COLLECTION } });
    const { model, dimension } = providers.get('embedder', provider);
    if (!held || (held.model === model && held.dimension === dimension)) return undefined;
    const message = `the collection holds ${held.dimension} numbers of ${held.model}, not ${dimension} of ${model}`;
    return { code: 'OTHER_MODEL', message, hint: `Keep the embedder that made ${held.model}'s vectors` };
  }

  return {
    /** The configured providers, or those among them that are named. */
    async listCandidates({ providers: named }: { providers?: readonly string[] }) {
      const offers = bestOffers((await liveWorkers(db)).flatMap(readOffers));
      const wanted = offers.filter(
        ({ configured, provider }) => configured && (!named || named.includes(provider)),
      );
      return { candidates: wanted.map(candidateOf) };
    },

    /** What is missing needs no call to be known. */
    async reportMissing({ capability, provider, missing }: Candidate): Promise<ProviderCheck> {
      const facts = { capability, provider, model: null, ok: false, code: 'NOT_CONFIGURED', took_s: 0 };
      return { ...facts, message: missing?.message ?? null, hint: missing?.hint ?? null };
    },

    /** Asks a provider the smallest thing it can do. */
    async checkProvider({ capability, provider }: Candidate): Promise<ProviderCheck> {
      const { signal } = currentCall();
      if (provider === EXTRACTIVE) {
        const measured = await tryProvider(providers, { capability: 'embedder', provider: embedder }, signal);
        return { ...measured, capability, provider };
      }
      const check = await tryProvider(providers, { capability, provider }, signal);
      const other = check.ok && capability === 'embedder' ? await otherVectors(provider) : undefined;
      return other ? { ...check, ok: false, ...other } : check;
    },
  };
}
