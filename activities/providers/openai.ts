/** Any endpoint that speaks the OpenAI API: https://platform.openai.com/docs/api-reference */
import { unasked } from './error';
import { badAnswer, vendorHttp, type Timeouts, type VendorHttp } from './http';
import { audioMediaType, recognitionOf, SAMPLE_RATE, transcriptionSchema, wavOf } from './openai-audio';
import { complete } from './openai-chat';
import type { LanguageModel, Speaker, Transcriber, Voice } from './spec';

const PROVIDER = 'openai';

export interface OpenaiSettings {
  /** As the vendor's own clients take it: `https://api.openai.com/v1`. A bare host gets `/v1`. */
  readonly baseUrl: string;
  /** Servers in one's own network often need none. */
  readonly apiKey?: string;
  readonly model: string;
  readonly timeouts?: Timeouts;
  readonly fetch?: typeof fetch;
}

export interface OpenaiLanguageModelSettings extends OpenaiSettings {
  /** OpenAI's reasoning models refuse `max_tokens`, most compatible servers know nothing else. */
  readonly tokenLimit?: 'max_tokens' | 'max_completion_tokens';
}

export interface OpenaiSpeakerSettings extends OpenaiSettings {
  readonly voices?: readonly Voice[];
  /** Id of the default voice. */
  readonly voice?: string;
}

export interface OpenaiTranscriberSettings extends OpenaiSettings {
  readonly languages?: readonly string[] | 'any';
  /** `window` for models without `verbose_json`, for example `gpt-4o-transcribe`. */
  readonly times?: 'word' | 'window';
  /** The vendor takes 25 MB, which is 780 s of 16-bit audio. */
  readonly maxWindowS?: number;
}

export function openaiLanguageModel(settings: OpenaiLanguageModelSettings): LanguageModel {
  const http = connect(settings);
  const { model, tokenLimit = 'max_tokens' } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    async generate({ system, prompt, max_tokens, schema, ...call }) {
      const body = {
        model,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: prompt },
        ],
        [tokenLimit]: max_tokens,
        response_format: schema && {
          type: 'json_schema',
          // `strict` would refuse every schema with an optional property; the caller validates anyway.
          json_schema: { name: 'answer', strict: false, schema },
        },
      };
      return complete(http, { ...call, body });
    },
  };
}

/** Each speaks every language that the model speaks; the tag is the one they were made for. */
const VOICES = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer'].map(
  englishVoice,
);

function englishVoice(id: string): Voice {
  return { id, name: id, language: 'en' };
}

export function openaiSpeaker(settings: OpenaiSpeakerSettings): Speaker {
  const http = connect(settings);
  const { model } = settings;
  const voices = defaultFirst(settings.voices ?? VOICES, settings.voice);
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    voices,
    async speak({ text, voice = voices[0]?.id, signal, used }) {
      if (!voices.some(({ id }) => id === voice)) {
        throw unasked(PROVIDER, {
          code: 'VOICE_UNKNOWN',
          what: `no voice "${voice}"`,
          hint: 'Choose one of the voices listed.',
        });
      }
      const json = { model, input: text, voice, response_format: 'wav' };
      const { bytes } = await http.forBytes({ path: '/audio/speech', json, signal });
      used?.({ characters: [...text].length });
      const media_type = audioMediaType(bytes);
      if (!media_type) throw badAnswer(PROVIDER, 'the answer is not audio');
      return { audio: bytes, media_type };
    },
  };
}

function defaultFirst(voices: readonly Voice[], id: string | undefined): readonly Voice[] {
  if (id === undefined) return voices;
  const first = voices.find((voice) => voice.id === id) ?? englishVoice(id);
  return [first, ...voices.filter((voice) => voice !== first)];
}

export function openaiTranscriber(settings: OpenaiTranscriberSettings): Transcriber {
  const http = connect(settings);
  const { model, languages = 'any', times = 'word', maxWindowS = 600 } = settings;
  return {
    provider: PROVIDER,
    model,
    quality: 'standard',
    maxWindowS,
    languages,
    times,
    async transcribe({ samples, language, signal, used }) {
      if (language && languages !== 'any' && !languages.includes(language)) {
        throw unasked(PROVIDER, {
          code: 'LANGUAGE_UNSUPPORTED',
          what: `${model} does not speak "${language}"`,
        });
      }
      const form = new FormData();
      form.set('file', new Blob([wavOf(samples)], { type: 'audio/wav' }), 'audio.wav');
      form.set('model', model);
      form.set('response_format', times === 'word' ? 'verbose_json' : 'json');
      if (times === 'word') {
        for (const unit of ['word', 'segment']) form.append('timestamp_granularities[]', unit);
      }
      if (language) form.set('language', language);
      const answer = await http.forJson({ path: '/audio/transcriptions', form, signal }, transcriptionSchema);
      const seconds = samples.length / SAMPLE_RATE;
      used?.({ seconds });
      return recognitionOf(answer, seconds, language);
    },
  };
}

function connect({ baseUrl, apiKey, timeouts, fetch }: OpenaiSettings): VendorHttp {
  const url = new URL(baseUrl);
  if (url.pathname === '/') url.pathname = '/v1';
  return vendorHttp({
    provider: PROVIDER,
    baseUrl: url.href,
    headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
    // Without streaming the first byte comes when the whole answer is ready.
    timeouts: timeouts ?? { firstByteMs: 180_000, totalMs: 240_000 },
    fetch,
  });
}
