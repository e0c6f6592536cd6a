/** Counts what a provider's calls use. Who is to pay for it is the listener's business. */
import { addUnits } from '../../domain/cost';
import { aroundCalls } from './calls';
import { ProviderError } from './error';
import type { Call, Capabilities, Capability, ProviderInfo, Units } from './spec';

/** One call, once it has ended. */
export interface ProviderCall {
  readonly capability: Capability;
  readonly provider: string;
  readonly model: string;
  /** What the vendor counts; empty where it counts nothing, or did not answer. */
  readonly units: Units;
  /** The failure's code; null for an answer, `ABORTED` where the caller gave up. */
  readonly error: string | null;
  readonly seconds: number;
}

const SAMPLES_PER_SECOND = 16_000;

type Asked<Name extends Capability> = Partial<Parameters<FirstMethod<Capabilities[Name]>>[0]>;
type FirstMethod<P> = Extract<P[keyof P], (call: never) => unknown>;

/** What a good answer uses, where the adapter does not say it better. */
const USED: { readonly [Name in Capability]: (asked: Asked<Name>) => Units } = {
  transcriber: ({ samples }) => (samples ? { seconds: samples.length / SAMPLES_PER_SECOND } : {}),
  speaker: ({ text }) => (text === undefined ? {} : { characters: [...text].length }),
  embedder: () => ({}),
  language_model: () => ({}),
  illustrator: () => ({ images: 1 }),
  ocr: () => ({ images: 1 }),
};

const codeOf = (error: unknown, { signal }: Call): string => {
  if (error instanceof ProviderError) return error.facts.code;
  return signal.aborted ? 'ABORTED' : 'INTERNAL';
};

/** The same provider; `onCall` hears of every call that was made, well or badly ended. */
export function metered<P extends ProviderInfo>(
  provider: P,
  capability: Capability,
  onCall: (call: ProviderCall) => void,
): P {
  const ofProvider = { capability, provider: provider.provider };
  return aroundCalls(provider, async (call, run) => {
    const began = performance.now();
    let reported: Units = {};
    let model = provider.model;
    const used = (units: Units, as = model) => {
      reported = addUnits(reported, units);
      model = as;
    };
    const tell = (error: string | null, units: Units) =>
      onCall({ ...ofProvider, model, units, error, seconds: (performance.now() - began) / 1_000 });
    try {
      const result = await run({ ...call, used });
      tell(null, { ...(USED[capability] as (asked: Call) => Units)(call), ...reported });
      return result;
    } catch (error) {
      if (error instanceof ProviderError && error.facts.asked === false) throw error;
      tell(codeOf(error, call), reported);
      throw error;
    }
  });
}
