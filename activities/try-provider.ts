/** The smallest real call of each capability: it proves the key, the access to the model, the voice, the vectors. */
import { TINY_PICTURE, TINY_PNG, TINY_THEME } from './check-samples';
import { CircuitOpenError, ProviderError } from './providers/error';
import type { Providers } from './providers/registry';
import type { Call, Capabilities, Capability } from './providers/spec';

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

export type Failure = Pick<ProviderCheck, 'code' | 'message' | 'hint'>;
type Try<P> = (provider: P, call: Call) => Promise<unknown>;

/** A second of a tone: engines answer to silence without looking. */
const TONE = Float32Array.from({ length: 16_000 }, (_sample, at) => 0.1 * Math.sin(at / 6));

const TRIES: { readonly [Name in Capability]: Try<Capabilities[Name]> } = {
  transcriber: (it, call) => it.transcribe({ ...call, samples: TONE }),
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
  { capability, provider }: { capability: Capability; provider: string },
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
