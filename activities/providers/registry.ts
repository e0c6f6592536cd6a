/** The only file that sees every vendor: settings in, guarded capabilities out. Creating them does no I/O. */
import path from 'node:path';
import type { Offer } from '../../domain/offer';
import type { Metrics } from '../deck/metrics';
import { drawn } from './drawn';
import { ProviderError } from './error';
import { espeak } from './espeak';
import { guard, type Guarded } from './guard';
import { moonshine } from './moonshine';
import { mpnet } from './mpnet';
import { asExtractive, asOffer, EXTRACTIVE, isMissing, type Missing } from './offers';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber } from './openai';
import { piper } from './piper';
import type { Capabilities, Capability } from './spec';
import { whisper } from './whisper';

/** Where each local engine's files lie; absent means: not fetched. */
export interface EnginePaths {
  readonly whisper?: string;
  readonly moonshine?: string;
  readonly piper?: string;
  readonly espeakData?: string;
  readonly mpnet?: string;
}

export interface ProviderSettings {
  /** Per capability the providers in order of preference. */
  readonly order: { readonly [Name in Capability]: readonly string[] };
  /** Native processes side by side, per engine. */
  readonly processes: number;
  /** Milliseconds after which an unused engine leaves memory. */
  readonly idleMs: number;
  readonly breakerCooldownS: number;
  readonly whisperModel: 'base' | 'tiny.en';
  /** Asked again for what was missing: models may come while we run. */
  readonly paths: () => EnginePaths;
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
  const { processes, idleMs, openai } = settings;
  const paths = settings.paths();
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
      espeak: () => espeak(engine),
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

export function createProviders(settings: ProviderSettings): Providers {
  const { order, breakerCooldownS: cooldownS } = settings;
  const made = new Map<string, Guarded<Capabilities[Capability]>>();

  function entryOf(capability: Capability, provider: string): Entry<Capability> {
    const key = `${capability}/${provider}`;
    const known = made.get(key);
    if (known) return known;
    const make = order[capability].includes(provider)
      ? makeAdapters(settings)[capability][provider]
      : undefined;
    const adapter = make?.() ?? settingMissing(`${provider} as ${capability}`);
    if (isMissing(adapter)) return adapter;
    const guarded = guard(adapter, { cooldownS });
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

  return {
    get<Name extends Capability>(capability: Name, provider: string) {
      const entry = entryOf(capability, provider);
      if (!isMissing(entry)) return entry as unknown as Guarded<Capabilities[Name]>;
      const facts = { provider, code: 'NOT_CONFIGURED', transient: false, hint: entry.cure };
      throw new ProviderError(`${provider}: ${entry.reason}`, facts);
    },
    offers: () =>
      (Object.keys(order) as Capability[]).flatMap((capability) =>
        order[capability].map((provider) => offerOf(capability, provider)),
      ),
  };
}
