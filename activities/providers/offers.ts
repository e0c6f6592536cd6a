/** What a worker says of its providers: to planning, to health, to operators. */
import type { Offer } from '../../domain/offer';
import type { Guarded } from './guard';
import type { Capabilities, Capability, ProviderInfo } from './spec';

/** Why a configured provider is not there, and what to do about it. */
export interface Missing {
  readonly reason: string;
  readonly cure: string;
}

export const isMissing = (entry: object): entry is Missing => 'cure' in entry;

type Spoken = Partial<
  Pick<Capabilities['transcriber'], 'languages'> & Pick<Capabilities['speaker'], 'voices'>
>;

/** BCP 47 primary subtags that a provider speaks; null where that is its own affair. */
function languagesOf(entry: object) {
  const { languages, voices } = entry as Spoken;
  if (voices) return [...new Set(voices.map((voice) => voice.language.split('-')[0] ?? voice.language))];
  return languages === undefined || languages === 'any' ? null : [...languages];
}

export const asOffer = (
  capability: Capability,
  provider: string,
  entry: Guarded<ProviderInfo> | Missing,
): Offer => {
  const blank = { capability, provider, model: null, quality: null, languages: null, max_window_s: null };
  if (isMissing(entry)) return { ...blank, available: false, breaker: 'closed', ...entry };
  const { model, quality, circuit } = entry;
  const { maxWindowS } = entry as Partial<Capabilities['transcriber']>;
  const spoken = languagesOf(entry);
  return {
    ...{ ...blank, model, quality, languages: spoken, max_window_s: maxWindowS ?? null },
    ...{ available: true, breaker: circuit.state, reason: circuit.last_error, cure: null },
  };
};

/** The writer that needs no vendor: it measures with the embedder, and is there when that is. */
export const EXTRACTIVE = 'extractive';

export const asExtractive = (embedder: Offer | undefined): Offer => ({
  ...{ capability: 'language_model', provider: EXTRACTIVE, model: embedder?.model ?? null, quality: 'basic' },
  ...{ available: embedder?.available ?? false, breaker: 'closed', languages: null, max_window_s: null },
  reason: embedder?.available ? null : (embedder?.reason ?? 'there is no embedder to measure with'),
  cure: embedder?.available ? null : (embedder?.cure ?? 'Set EMBEDDING_PROVIDERS'),
});
