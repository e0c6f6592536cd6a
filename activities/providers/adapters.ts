/** Every vendor, by capability and name: its adapter, or what it lacks. */
import { azureBatch } from './azure-batch';
import { azureSpeaker } from './azure-speaker';
import { azureTranscriber } from './azure-transcriber';
import { bedrockEmbedder, bedrockLanguageModel, bedrockOcr } from './bedrock';
import { localAdapters } from './local-adapters';
import type { Missing } from './offers';
import { ollamaEmbedder, ollamaLanguageModel, ollamaOcr } from './ollama';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber } from './openai';
import { pexels } from './pexels';
import type { AdapterSettings } from './settings';
import type { Capabilities, Capability } from './spec';

type Table = { readonly [Name in Capability]: Readonly<Record<string, () => Capabilities[Name] | Missing>> };

/** Numbers of a vector: the seed's 768 where the model has them; Titan's nearest is 1,024. */
const DIMENSION = { ollama: 768, bedrock: 1_024 };

export const settingMissing = (name: string): Missing => ({
  reason: `${name} is not set`,
  cure: `Set ${name} in .env`,
});

/** Makes a vendor's adapter of the settings that it needs, or names the first that is absent. */
function given<Made>(
  needs: Readonly<Record<string, string | undefined>>,
  make: (...values: string[]) => Made,
): Made | Missing {
  const absent = Object.keys(needs).find((name) => !needs[name]);
  return absent === undefined ? make(...Object.values(needs).map(String)) : settingMissing(absent);
}

/** One limit for every wait, where the owner of the installation wants one. */
const patience = ({ timeoutMs }: AdapterSettings) =>
  timeoutMs === undefined
    ? {}
    : {
        timeouts: { connectMs: timeoutMs, firstByteMs: timeoutMs, betweenMs: timeoutMs, totalMs: timeoutMs },
      };

function openaiAdapters(settings: AdapterSettings) {
  const { base_url, api_key: apiKey, voice, ...models } = settings.vendors.openai ?? {};
  const OPENAI_BASE_URL = base_url;
  const common = { apiKey, ...patience(settings) };
  return {
    transcriber: () =>
      given({ OPENAI_BASE_URL, OPENAI_TRANSCRIPTION_MODEL: models.transcription_model }, (baseUrl, model) =>
        openaiTranscriber({ ...common, baseUrl, model }),
      ),
    speaker: () =>
      given({ OPENAI_BASE_URL, OPENAI_SPEECH_MODEL: models.speech_model }, (baseUrl, model) =>
        openaiSpeaker({ ...common, baseUrl, model, voice }),
      ),
    languageModel: () =>
      given({ OPENAI_BASE_URL, OPENAI_CHAT_MODEL: models.chat_model }, (baseUrl, model) =>
        openaiLanguageModel({ ...common, baseUrl, model }),
      ),
  };
}

function bedrockAdapters(settings: AdapterSettings) {
  const { region: BEDROCK_REGION, endpoint, ...models } = settings.vendors.bedrock ?? {};
  const common = { endpoint, ...patience(settings) };
  return {
    embedder: () =>
      given({ BEDROCK_REGION, BEDROCK_EMBEDDING_MODEL: models.embedding_model }, (region, model) =>
        bedrockEmbedder({ ...common, region, model, dimension: DIMENSION.bedrock }),
      ),
    languageModel: () =>
      given({ BEDROCK_REGION, BEDROCK_CHAT_MODEL: models.chat_model }, (region, model) =>
        bedrockLanguageModel({ ...common, region, model }),
      ),
    ocr: () =>
      given({ BEDROCK_REGION, BEDROCK_VISION_MODEL: models.vision_model }, (region, model) =>
        bedrockOcr({ ...common, region, model }),
      ),
  };
}

function ollamaAdapters(settings: AdapterSettings) {
  const { base_url: OLLAMA_BASE_URL, ...models } = settings.vendors.ollama ?? {};
  const common = patience(settings);
  return {
    embedder: () =>
      given({ OLLAMA_BASE_URL, OLLAMA_EMBEDDING_MODEL: models.embedding_model }, (baseUrl, model) =>
        ollamaEmbedder({ ...common, baseUrl, model, dimension: DIMENSION.ollama }),
      ),
    languageModel: () =>
      given({ OLLAMA_BASE_URL, OLLAMA_CHAT_MODEL: models.chat_model }, (baseUrl, model) =>
        ollamaLanguageModel({ ...common, baseUrl, model }),
      ),
    ocr: () =>
      given({ OLLAMA_BASE_URL, OLLAMA_VISION_MODEL: models.vision_model }, (baseUrl, model) =>
        ollamaOcr({ ...common, baseUrl, model }),
      ),
  };
}

function azureAdapters({ vendors, timeoutMs }: AdapterSettings) {
  const { key: AZURE_SPEECH_KEY, region: AZURE_SPEECH_REGION, voice = '', endpoint } = vendors.azure ?? {};
  const needs = { AZURE_SPEECH_KEY, AZURE_SPEECH_REGION };
  return {
    transcriber: () =>
      given(needs, (key, region) => {
        const azure = { key, region, endpoint, timeoutMs };
        return { ...azureTranscriber(azure), batch: azureBatch(azure) };
      }),
    speaker: () => given(needs, (key, region) => azureSpeaker({ key, region, endpoint, timeoutMs, voice })),
  };
}

const photos = (settings: AdapterSettings) => () => {
  const { api_key: PEXELS_API_KEY, base_url } = settings.vendors.pexels ?? {};
  const elsewhere = base_url === undefined ? {} : { baseUrl: base_url, imageOrigin: base_url };
  return given({ PEXELS_API_KEY }, (apiKey) => pexels({ apiKey, ...elsewhere, ...patience(settings) }));
};

export function makeAdapters(settings: AdapterSettings): Table {
  const { whisper, moonshine, piper, espeak, mpnet, drawn, tesseract } = localAdapters(settings);
  const openai = openaiAdapters(settings);
  const bedrock = bedrockAdapters(settings);
  const ollama = ollamaAdapters(settings);
  const azure = azureAdapters(settings);
  return {
    transcriber: { whisper, moonshine, azure: azure.transcriber, openai: openai.transcriber },
    speaker: { piper, espeak, azure: azure.speaker, openai: openai.speaker },
    embedder: { mpnet, bedrock: bedrock.embedder, ollama: ollama.embedder },
    language_model: {
      bedrock: bedrock.languageModel,
      openai: openai.languageModel,
      ollama: ollama.languageModel,
    },
    illustrator: { drawn, pexels: photos(settings) },
    ocr: { tesseract, bedrock: bedrock.ocr, ollama: ollama.ocr },
  };
}
