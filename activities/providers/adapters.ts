/** Every vendor, by capability and name: its adapter, or what it lacks. */
import { bedrockEmbedder, bedrockLanguageModel } from './bedrock';
import { localAdapters } from './local-adapters';
import type { Missing } from './offers';
import { ollamaEmbedder, ollamaLanguageModel } from './ollama';
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
    ocr: {},
  };
}
