/** Every vendor, by capability and name: its adapter, or what it lacks. */
import path from 'node:path';
import type { Metrics } from '../deck/metrics';
import { bedrockEmbedder, bedrockLanguageModel } from './bedrock';
import { drawn } from './drawn';
import { espeak } from './espeak';
import { moonshine } from './moonshine';
import { mpnet } from './mpnet';
import type { Missing } from './offers';
import { ollamaEmbedder, ollamaLanguageModel } from './ollama';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber } from './openai';
import { pexels } from './pexels';
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

/** What their owners give: a vendor without its settings is missing. */
export interface VendorSettings {
  readonly openai?: {
    readonly base_url?: string;
    readonly api_key?: string;
    readonly chat_model?: string;
    readonly speech_model?: string;
    readonly voice?: string;
    readonly transcription_model?: string;
  };
  readonly bedrock?: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly chat_model?: string;
    readonly embedding_model: string;
  };
  readonly ollama?: {
    readonly base_url?: string;
    readonly chat_model?: string;
    readonly embedding_model: string;
  };
  readonly pexels?: { readonly api_key?: string; readonly base_url?: string };
}

export interface AdapterSettings {
  /** Native processes side by side, per engine. */
  readonly processes: number;
  /** Milliseconds after which an unused engine leaves memory. */
  readonly idleMs: number;
  readonly whisperModel: 'base' | 'tiny.en';
  /** Asked again for what was missing: models may come while we run. */
  readonly paths: () => EnginePaths;
  /** The deck's fonts, which drawn pictures are lettered with. */
  readonly loadMetrics: () => Promise<Metrics>;
  readonly vendors: VendorSettings;
}

type Table = { readonly [Name in Capability]: Readonly<Record<string, () => Capabilities[Name] | Missing>> };

/** Numbers of a vector: the seed's 768 where the model has them; Titan's nearest is 1,024. */
const DIMENSION = { ollama: 768, bedrock: 1_024 };

const weightsMissing = (what: string): Missing => ({
  reason: `${what} is not on this machine`,
  cure: 'npm run assets',
});

export const settingMissing = (name: string): Missing => ({
  reason: `${name} is not set`,
  cure: `Set ${name} in .env`,
});

const filesOfVoice = (folder: string) => ({
  modelPath: path.join(folder, 'voice.onnx'),
  tokensPath: path.join(folder, 'tokens.txt'),
});

/** On this machine: there when their weights are. */
function localAdapters(settings: AdapterSettings) {
  const { processes, idleMs, whisperModel, loadMetrics } = settings;
  const paths = settings.paths();
  const engine = { processes, idleMs };
  return {
    whisper: () =>
      paths.whisper
        ? whisper({ model: whisperModel, modelPath: paths.whisper, ...engine })
        : weightsMissing(`the Whisper model ${whisperModel}`),
    moonshine: () =>
      paths.moonshine
        ? moonshine({ modelDir: paths.moonshine, ...engine })
        : weightsMissing('the Moonshine model'),
    piper: () =>
      paths.piper && paths.espeakData
        ? piper({ ...filesOfVoice(paths.piper), espeakDataDir: paths.espeakData, ...engine })
        : weightsMissing('the Piper voice'),
    espeak: () => espeak(engine),
    mpnet: () =>
      paths.mpnet
        ? mpnet({ modelDir: paths.mpnet, threads: processes, idleMs })
        : weightsMissing('the mpnet model'),
    drawn: () => drawn({ loadMetrics }),
  };
}

/** Makes a vendor's adapter of the settings that it needs, or names the first that is absent. */
function given<Made>(
  needs: Readonly<Record<string, string | undefined>>,
  make: (...values: string[]) => Made,
): Made | Missing {
  const absent = Object.keys(needs).find((name) => !needs[name]);
  return absent === undefined ? make(...Object.values(needs).map(String)) : settingMissing(absent);
}

export function makeAdapters(settings: AdapterSettings): Table {
  const { openai = {}, bedrock, ollama, pexels: photos = {} } = settings.vendors;
  const { whisper, moonshine, piper, espeak, mpnet, drawn } = localAdapters(settings);
  const apiKey = openai.api_key;
  const OPENAI_BASE_URL = openai.base_url;
  const BEDROCK_REGION = bedrock?.region;
  const OLLAMA_BASE_URL = ollama?.base_url;
  return {
    transcriber: {
      ...{ whisper, moonshine },
      openai: () =>
        given({ OPENAI_BASE_URL, OPENAI_TRANSCRIPTION_MODEL: openai.transcription_model }, (baseUrl, model) =>
          openaiTranscriber({ baseUrl, apiKey, model }),
        ),
    },
    speaker: {
      ...{ piper, espeak },
      openai: () =>
        given({ OPENAI_BASE_URL, OPENAI_SPEECH_MODEL: openai.speech_model }, (baseUrl, model) =>
          openaiSpeaker({ baseUrl, apiKey, model, voice: openai.voice }),
        ),
    },
    embedder: {
      mpnet,
      bedrock: () =>
        given({ BEDROCK_REGION, BEDROCK_EMBEDDING_MODEL: bedrock?.embedding_model }, (region, model) =>
          bedrockEmbedder({ region, model, endpoint: bedrock?.endpoint, dimension: DIMENSION.bedrock }),
        ),
      ollama: () =>
        given({ OLLAMA_BASE_URL, OLLAMA_EMBEDDING_MODEL: ollama?.embedding_model }, (baseUrl, model) =>
          ollamaEmbedder({ baseUrl, model, dimension: DIMENSION.ollama }),
        ),
    },
    language_model: {
      openai: () =>
        given({ OPENAI_BASE_URL, OPENAI_CHAT_MODEL: openai.chat_model }, (baseUrl, model) =>
          openaiLanguageModel({ baseUrl, apiKey, model }),
        ),
      bedrock: () =>
        given({ BEDROCK_REGION, BEDROCK_CHAT_MODEL: bedrock?.chat_model }, (region, model) =>
          bedrockLanguageModel({ region, model, endpoint: bedrock?.endpoint }),
        ),
      ollama: () =>
        given({ OLLAMA_BASE_URL, OLLAMA_CHAT_MODEL: ollama?.chat_model }, (baseUrl, model) =>
          ollamaLanguageModel({ baseUrl, model }),
        ),
    },
    illustrator: {
      drawn,
      pexels: () =>
        given({ PEXELS_API_KEY: photos.api_key }, (key) =>
          pexels({
            apiKey: key,
            ...(photos.base_url && { baseUrl: photos.base_url, imageOrigin: photos.base_url }),
          }),
        ),
    },
  };
}
