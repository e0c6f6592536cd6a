/** The only file that sees every vendor: settings in, guarded capabilities out. Creating them does no I/O. */
import path from 'node:path';
import type { Offer } from '../../domain/offer';
import { ProviderError } from './error';
import { guard, type Guarded } from './guard';
import { moonshine } from './moonshine';
import { mpnet } from './mpnet';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber } from './openai';
import { piper } from './piper';
import type { Capabilities, Capability, ProviderInfo } from './spec';
import { whisper } from './whisper';

export interface ProviderSettings {
  /** Per capability the providers in order of preference. */
  readonly order: { readonly [Name in Capability]: readonly string[] };
  /** Native processes side by side, per engine. */
  readonly processes: number;
  /** Milliseconds after which an unused engine leaves memory. */
  readonly idleMs: number;
  readonly breakerCooldownS: number;
  readonly whisperModel: 'base' | 'tiny.en';
  /** Where each local engine's files lie; absent means: not fetched. */
  readonly paths: {
    readonly whisper?: string;
    readonly moonshine?: string;
    readonly piper?: string;
    readonly espeakData?: string;
    readonly mpnet?: string;
  };
  readonly openai: {
    readonly base_url?: string;
    readonly api_key?: string;
    readonly chat_model?: string;
    readonly speech_model?: string;
    readonly voice?: string;
    readonly transcription_model?: string;
  };
}

/** Why a configured provider is not there, and what to do about it. */
export interface Missing {
  readonly reason: string;
  readonly cure: string;
}

type Entry<Name extends Capability> = Guarded<Capabilities[Name]> | Missing;

export interface Providers {
  /** The guarded provider; a missing one fails like a vendor that says no. */
  get<Name extends Capability>(capability: Name, provider: string): Guarded<Capabilities[Name]>;
  /** Everything that is configured, available or not, in order of preference. */
  offers(): Offer[];
}

const isMissing = (entry: object): entry is Missing => 'cure' in entry;

const weightsMissing = (what: string): Missing => ({
  reason: `${what} is not on this machine`,
  cure: 'npm run assets',
});

const settingMissing = (name: string): Missing => ({
  reason: `${name} is not set`,
  cure: `Set ${name} in .env`,
});

/** Makes each adapter that its settings allow: capability → provider → adapter or what is missing. */
function makeAdapters(settings: ProviderSettings) {
  const { paths, processes, idleMs, openai } = settings;
  const engine = { processes, idleMs };

  const openaiOf = <Made>(
    model: string | undefined,
    name: string,
    make: (at: OpenaiAt) => Made,
  ): Made | Missing => {
    if (!openai.base_url) return settingMissing('OPENAI_BASE_URL');
    if (!model) return settingMissing(name);
    return make({ baseUrl: openai.base_url, apiKey: openai.api_key, model });
  };

  const adapters: { [Name in Capability]: Record<string, () => Capabilities[Name] | Missing> } = {
    transcriber: {
      whisper: () =>
        paths.whisper
          ? whisper({ model: settings.whisperModel, modelPath: paths.whisper, ...engine })
          : weightsMissing(`the Whisper model ${settings.whisperModel}`),
      moonshine: () =>
        paths.moonshine
          ? moonshine({ modelDir: paths.moonshine, ...engine })
          : weightsMissing('the Moonshine model'),
      openai: () => openaiOf(openai.transcription_model, 'OPENAI_TRANSCRIPTION_MODEL', openaiTranscriber),
    },
    speaker: {
      piper: () =>
        paths.piper && paths.espeakData
          ? piper({ ...filesOfVoice(paths.piper), espeakDataDir: paths.espeakData, ...engine })
          : weightsMissing('the Piper voice'),
      openai: () =>
        openaiOf(openai.speech_model, 'OPENAI_SPEECH_MODEL', (at) =>
          openaiSpeaker({ ...at, voice: openai.voice }),
        ),
    },
    embedder: {
      mpnet: () =>
        paths.mpnet
          ? mpnet({ modelDir: paths.mpnet, threads: processes, idleMs })
          : weightsMissing('the mpnet model'),
    },
    language_model: {
      openai: () => openaiOf(openai.chat_model, 'OPENAI_CHAT_MODEL', openaiLanguageModel),
    },
    illustrator: {},
  };
  return adapters;
}

const filesOfVoice = (folder: string) => ({
  modelPath: path.join(folder, 'voice.onnx'),
  tokensPath: path.join(folder, 'tokens.txt'),
});

interface OpenaiAt {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly model: string;
}

const asOffer = (capability: Capability, provider: string, entry: Guarded<ProviderInfo> | Missing): Offer => {
  const blank = { capability, provider, model: null, quality: null, languages: null, max_window_s: null };
  if (isMissing(entry)) return { ...blank, available: false, breaker: 'closed', ...entry };
  const { model, quality, circuit } = entry;
  const { languages, maxWindowS } = entry as Partial<Capabilities['transcriber']>;
  const spoken = languages === undefined || languages === 'any' ? null : [...languages];
  return {
    ...{ ...blank, model, quality, languages: spoken, max_window_s: maxWindowS ?? null },
    ...{ available: true, breaker: circuit.state, reason: circuit.last_error, cure: null },
  };
};

export function createProviders(settings: ProviderSettings): Providers {
  const adapters = makeAdapters(settings);
  const entries = new Map<string, Entry<Capability>>();
  for (const [capability, names] of Object.entries(settings.order) as [Capability, readonly string[]][]) {
    for (const name of names) {
      const made = adapters[capability][name]?.();
      if (!made) continue;
      const entry = isMissing(made) ? made : guard(made, { cooldownS: settings.breakerCooldownS });
      entries.set(`${capability}/${name}`, entry);
    }
  }

  return {
    get<Name extends Capability>(capability: Name, provider: string) {
      const entry = entries.get(`${capability}/${provider}`);
      if (entry && !isMissing(entry)) return entry as unknown as Guarded<Capabilities[Name]>;
      const { reason, cure } = entry ?? settingMissing(`${provider} as ${capability}`);
      throw new ProviderError(`${provider}: ${reason}`, {
        provider,
        code: 'NOT_CONFIGURED',
        transient: false,
        hint: cure,
      });
    },
    offers: () =>
      [...entries].map(([key, entry]) => {
        const [capability, provider] = key.split('/') as [Capability, string];
        return asOffer(capability, provider, entry);
      }),
  };
}
