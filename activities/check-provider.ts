/** The smallest real call of each capability: it proves the key, the access to the model, the voice, the vectors. */
import { offerSchema, type Offer } from '../domain/offer';
import type { Db } from '../prisma/client';
import { currentCall } from './call';
import { CircuitOpenError, ProviderError } from './providers/error';
import type { Providers } from './providers/registry';
import type { Call, Capabilities, Capability } from './providers/spec';
import { LIVE_COLLECTION } from '../store/vectors';
import { TINY_PICTURE, TINY_PNG, TINY_THEME } from './check-samples';

export interface Candidate {
  readonly capability: Capability;
  readonly provider: string;
  /** What speaks against asking it at all. */
  readonly missing: { readonly message: string; readonly hint: string } | null;
}

export interface ProviderCheck {
  readonly capability: string;
  readonly provider: string;
  readonly model: string | null;
  readonly ok: boolean;
  /** Null where it is well. */
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
  readonly took_s: number;
}

type Failure = Pick<ProviderCheck, 'code' | 'message' | 'hint'>;
type Try<P> = (provider: P, call: Call) => Promise<unknown>;

const SECOND_OF_SILENCE = 16_000;

const TRIES: { readonly [Name in Capability]: Try<Capabilities[Name]> } = {
  transcriber: (it, call) => it.transcribe({ ...call, samples: new Float32Array(SECOND_OF_SILENCE) }),
  speaker: (it, call) => it.speak({ ...call, text: 'Ready.' }),
  embedder: (it, call) => it.embed({ ...call, texts: ['ready'] }),
  language_model: (it, call) => it.generate({ ...call, system: '', prompt: 'Say: ready', max_tokens: 16 }),
  illustrator: (it, call) => it.illustrate({ ...call, picture: TINY_PICTURE, theme: TINY_THEME }),
  ocr: (it, call) => it.recognize({ ...call, image: TINY_PNG, media_type: 'image/png' }),
};

/** An answer that the limit cut is one: the key and the model are right. */
const GOOD_ENOUGH = ['TRUNCATED'];

/** What a failed call says; undefined for one that proves what we wanted. Faults of ours and aborts pass. */
function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CircuitOpenError)
    return { code: 'CIRCUIT_OPEN', message: error.message, hint: 'See GET /api/ops/providers' };
  if (!(error instanceof ProviderError)) throw error;
  const { code, hint = null } = error.facts;
  return GOOD_ENOUGH.includes(code) ? undefined : { code, message: error.message, hint };
}

/** Tries one provider now. */
export async function tryProvider(
  providers: Providers,
  { capability, provider }: Pick<Candidate, 'capability' | 'provider'>,
  signal: AbortSignal,
): Promise<ProviderCheck> {
  const began = performance.now();
  const ended = (model: string | null, failure?: Failure): ProviderCheck => ({
    ...{ capability, provider, model, ok: failure === undefined },
    ...(failure ?? { code: null, message: null, hint: null }),
    took_s: Math.round(performance.now() - began) / 1_000,
  });
  let model: string | null = null;
  try {
    const found = providers.get(capability, provider);
    model = found.model;
    await (TRIES[capability] as Try<typeof found>)(found, { signal });
    return ended(model);
  } catch (error) {
    return ended(model, failureOf(error));
  }
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
      const offers = providers.offers().map((offer) => offerSchema.parse(offer));
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
      if (provider === 'extractive') {
        const measured = await tryProvider(providers, { capability: 'embedder', provider: embedder }, signal);
        return { ...measured, capability, provider };
      }
      const check = await tryProvider(providers, { capability, provider }, signal);
      const other = check.ok && capability === 'embedder' ? await otherVectors(provider) : undefined;
      return other ? { ...check, ok: false, ...other } : check;
    },
  };
}
