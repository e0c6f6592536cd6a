/** Speech recognition over the service's WebSocket: https://learn.microsoft.com/azure/ai-services/speech-service/how-to-recognize-speech */
import {
  AudioConfig,
  AudioInputStream,
  AutoDetectSourceLanguageConfig,
  CancellationReason,
  ProfanityOption,
  ResultReason,
  SpeechRecognizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import { PROVIDER, speechConfig, timeoutsOf, type AzureSettings } from './azure';
import { overOneConnection, type Outcome } from './azure-call';
import { cancellation } from './azure-errors';
import { CANDIDATES, LOCALES } from './azure-languages';
import { phraseSchema, recognitionOf } from './azure-phrases';
import { requireLanguage } from './engines/language';
import { parseJson, type Timeouts } from './http';
import type { Transcriber } from './spec';

export interface AzureTranscriberSettings extends AzureSettings {
  /** Locales to choose from where nobody says what is spoken, four at the most. */
  readonly candidates?: readonly string[];
}

const SAMPLE_RATE = 16_000;
const MAX_WINDOW_S = 60;

/** The SDK sends the first five seconds at once and the rest at twice the speed of speech: 28 s for 60 s. */
const TIMEOUTS: Timeouts = { firstByteMs: 15_000, totalMs: 120_000 };

export function azureTranscriber(settings: AzureTranscriberSettings): Transcriber {
  const { key, candidates = CANDIDATES } = settings;
  const transcriber: Transcriber = {
    provider: PROVIDER,
    model: 'speech-to-text',
    quality: 'high',
    maxWindowS: MAX_WINDOW_S,
    languages: Object.keys(LOCALES),
    times: 'word',

    async transcribe({ samples, language, signal, used }) {
      requireLanguage(transcriber, language);
      const create = () => recogniserOf(settings, samples, language === undefined ? candidates : [language]);
      const timeouts = timeoutsOf(settings, TIMEOUTS);
      const heard = await overOneConnection({ signal, key, timeouts }, create, listen);
      const seconds = samples.length / SAMPLE_RATE;
      used?.({ seconds });
      const phrases = heard.map((json) => parseJson(PROVIDER, Buffer.from(json), phraseSchema));
      return recognitionOf(phrases, seconds, language);
    },
  };
  return transcriber;
}

function recogniserOf(
  settings: AzureSettings,
  samples: Float32Array,
  languages: readonly string[],
): SpeechRecognizer {
  const config = speechConfig(settings);
  config.requestWordLevelTimestamps();
  config.setProfanity(ProfanityOption.Raw);
  const stream = AudioInputStream.createPushStream();
  stream.write(pcmOf(samples));
  stream.close();
  const audio = AudioConfig.fromStreamInput(stream);
  const locales = languages.map((language) => LOCALES[language] ?? language);
  if (locales.length > 1)
    return SpeechRecognizer.FromConfig(config, AutoDetectSourceLanguageConfig.fromLanguages(locales), audio);
  config.speechRecognitionLanguage = locales[0]!;
  return new SpeechRecognizer(config, audio);
}

/** 16-bit little-endian, which the SDK takes as its default format. */
function pcmOf(samples: Float32Array): ArrayBuffer {
  const pcm = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, index) => {
    pcm.setInt16(index * 2, Math.round(Math.min(Math.max(sample, -1), 1) * 32_767), true);
  });
  return pcm.buffer;
}

/** Several phrases come of a window, each as the service's JSON. */
function listen(recogniser: SpeechRecognizer, { done, failed }: Outcome<string[]>): void {
  const phrases: string[] = [];
  recogniser.recognized = (_recogniser, { result }) => {
    if (result.reason === ResultReason.RecognizedSpeech) phrases.push(result.json);
  };
  recogniser.canceled = (_recogniser, { reason, errorCode }) => {
    if (reason === CancellationReason.Error) failed(cancellation(errorCode));
  };
  recogniser.sessionStopped = () => done(phrases);
  recogniser.startContinuousRecognitionAsync();
}
