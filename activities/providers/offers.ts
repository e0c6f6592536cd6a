/** What a worker says of its providers: to planning, to health, to operators. */
import { primaryOf } from '../../domain/language';
import { BLANK_OFFER, EXTRACTIVE, type Offer } from '../../domain/offer';
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
  if (voices) return [...new Set(voices.map((voice) => primaryOf(voice.language)))];
  return languages === undefined || languages === 'any' ? null : [...languages];
}

export const asOffer = (
  capability: Capability,
  provider: string,
  entry: Guarded<ProviderInfo> | Missing,
): Offer => {
  if (isMissing(entry)) return { ...BLANK_OFFER, capability, provider, ...entry };
  const { model, quality, circuit } = entry;
  const { maxWindowS = null, batch } = entry as Partial<Capabilities['transcriber']>;
  const { voices } = entry as Partial<Capabilities['speaker']>;
  const { dimension = null } = entry as Partial<Capabilities['embedder']>;
  return {
    ...{ ...BLANK_OFFER, capability, provider, model, quality, available: true },
    ...{ languages: languagesOf(entry), voices: voices ? [...voices] : null, dimension },
    ...{ max_window_s: maxWindowS, batch_from_s: batch?.fromS ?? null },
    // Its time is over: the next call is the probe, which somebody must plan for.
    breaker: circuit.state === 'open' && circuit.retry_after_s === 0 ? 'half_open' : circuit.state,
    reason: circuit.last_error,
    ...{ reachable: circuit.reachable, last_failure: circuit.last_failure },
  };
};

/** The variables that hold the lists of providers, in the order of preference. */
const LISTS: Readonly<Record<Capability, string>> = {
  transcriber: 'STT_PROVIDERS',
  speaker: 'TTS_PROVIDERS',
  embedder: 'EMBEDDING_PROVIDERS',
  language_model: 'LLM_PROVIDERS',
  illustrator: 'IMAGE_PROVIDERS',
  ocr: 'OCR_PROVIDERS',
};

/** Why nobody asks for it. */
export const notListed = (capability: Capability, provider: string): Missing => ({
  reason: `it is not in ${LISTS[capability]}`,
  cure: `Add ${provider} to ${LISTS[capability]}`,
});

/** What would be there if it were asked for. */
export function asUnlisted(capability: Capability, provider: string, entry: ProviderInfo | Missing): Offer {
  const { reason, cure: add } = notListed(capability, provider);
  const blank = { ...BLANK_OFFER, capability, provider, configured: false };
  if (isMissing(entry)) return { ...blank, reason: entry.reason, cure: `${entry.cure}, and ${lower(add)}` };
  return { ...blank, model: entry.model, quality: entry.quality, reason, cure: add };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** It measures with the embedder, and is there when that is. */
export const asExtractive = (embedder: Offer | undefined): Offer => ({
  ...{ ...BLANK_OFFER, capability: 'language_model', provider: EXTRACTIVE, quality: 'basic' },
  ...{ model: embedder?.model ?? null, available: embedder?.available ?? false },
  reason: embedder?.available ? null : (embedder?.reason ?? 'there is no embedder to measure with'),
  cure: embedder?.available ? null : (embedder?.cure ?? 'Set EMBEDDING_PROVIDERS'),
});
