/** The only file that sees every vendor: settings in, guarded capabilities out. Creating them does no I/O. */
import path from 'node:path';
import type { Offer } from '../../domain/offer';
import type { Metrics } from '../deck/metrics';
import { drawn } from './drawn';
import { ProviderError } from './error';
import { guard, type Guarded } from './guard';
import { moonshine } from './moonshine';
import { mpnet } from './mpnet';
import { asExtractive, asOffer, EXTRACTIVE, isMissing, type Missing } from './offers';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber } from './openai';
import { piper } from './piper';
import type { Capabilities, Capability } from './spec';
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
  /** The deck's fonts, which drawn pictures are lettered with. */
  readonly loadMetrics: () => Promise<Metrics>;
  readonly openai: {
    readonly base_url?: string;
    readonly api_key?: string;
    readonly chat_model?: string;
    readonly speech_model?: string;
    readonly voice?: string;
    readonly transcription_model?: string;
  };
}

type Entry<Name extends Capability> = Guarded<Capabilities[Name]> | Missing;

export interface Providers {
  /** The guarded provider; a missing one fails like a vendor that says no. */
  get<Name extends Capability>(capability: Name, provider: string): Guarded<Capabilities[Name]>;
  /** Everything that is configured, available or not, in order of preference. */
  offers(): Offer[];
}

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
    illustrator: { drawn: () => drawn({ loadMetrics: settings.loadMetrics }) },
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

const keyOf = (capability: string, provider: string): string => `${capability}/${provider}`;

function makeEntries(settings: ProviderSettings): Map<string, Entry<Capability>> {
  const adapters = makeAdapters(settings);
  const entries = new Map<string, Entry<Capability>>();
  for (const [capability, names] of Object.entries(settings.order) as [Capability, readonly string[]][]) {
    for (const name of names.filter((one) => one !== EXTRACTIVE)) {
      const made = adapters[capability][name]?.() ?? settingMissing(`${name} as ${capability}`);
      const guarded = isMissing(made) ? made : guard(made, { cooldownS: settings.breakerCooldownS });
      entries.set(keyOf(capability, name), guarded);
    }
  }
  return entries;
}

export function createProviders(settings: ProviderSettings): Providers {
  const entries = makeEntries(settings);

  function offerOf(capability: Capability, provider: string): Offer {
    if (provider === EXTRACTIVE) {
      const [embedder] = settings.order.embedder;
      return asExtractive(embedder === undefined ? undefined : offerOf('embedder', embedder));
    }
    return asOffer(capability, provider, entries.get(keyOf(capability, provider))!);
  }

  return {
    get<Name extends Capability>(capability: Name, provider: string) {
      const entry =
        entries.get(keyOf(capability, provider)) ?? settingMissing(`${provider} as ${capability}`);
      if (!isMissing(entry)) return entry as unknown as Guarded<Capabilities[Name]>;
      const facts = { provider, code: 'NOT_CONFIGURED', transient: false, hint: entry.cure };
      throw new ProviderError(`${provider}: ${entry.reason}`, facts);
    },
    offers: () =>
      (Object.keys(settings.order) as Capability[]).flatMap((capability) =>
        settings.order[capability].map((provider) => offerOf(capability, provider)),
      ),
  };
}
