import { primaryOf } from '../../domain/language';
import { createEngine } from './engine';
import type { EspeakRequest } from './engines/espeak';
import { requireLanguage } from './engines/language';
import { unasked } from './error';
import type { Speaker, Voice } from './spec';

export interface EspeakSettings {
  /** One thread and about 100 MB each. */
  readonly processes: number;
  readonly idleMs: number;
  /** Another copy of the npm package: the path of its script. */
  readonly from?: string;
}

const PROVIDER = 'espeak';
const PACKAGE = '@echogarden/espeak-ng-emscripten';

/** Those of its 140 that Whisper can follow (not Danish and Mandarin); the ids are espeak-ng's own names. */
export const VOICES: readonly Voice[] = [
  { id: 'en-us', name: 'English (America)', language: 'en-US' },
  { id: 'en', name: 'English (Great Britain)', language: 'en-GB' },
  { id: 'de', name: 'German', language: 'de' },
  { id: 'fr', name: 'French (France)', language: 'fr-FR' },
  { id: 'es', name: 'Spanish (Spain)', language: 'es-ES' },
  { id: 'es-419', name: 'Spanish (Latin America)', language: 'es-419' },
  { id: 'it', name: 'Italian', language: 'it' },
  { id: 'pt-br', name: 'Portuguese (Brazil)', language: 'pt-BR' },
  { id: 'pt', name: 'Portuguese (Portugal)', language: 'pt-PT' },
  { id: 'nl', name: 'Dutch', language: 'nl' },
  { id: 'sv', name: 'Swedish', language: 'sv' },
  { id: 'nb', name: 'Norwegian Bokmål', language: 'no' },
  { id: 'fi', name: 'Finnish', language: 'fi' },
  { id: 'pl', name: 'Polish', language: 'pl' },
  { id: 'cs', name: 'Czech', language: 'cs' },
  { id: 'hu', name: 'Hungarian', language: 'hu' },
  { id: 'ro', name: 'Romanian', language: 'ro' },
  { id: 'el', name: 'Greek', language: 'el' },
  { id: 'uk', name: 'Ukrainian', language: 'uk' },
  { id: 'ru', name: 'Russian', language: 'ru' },
  { id: 'tr', name: 'Turkish', language: 'tr' },
  { id: 'hi', name: 'Hindi', language: 'hi' },
];

/** espeak-ng compiled to WebAssembly, in child processes: 22.05 kHz mono WAV, plain to hear and no weights. */
export function espeak({ processes, idleMs, from = PACKAGE }: EspeakSettings): Speaker {
  const engine = createEngine<EspeakRequest, Uint8Array>({
    provider: PROVIDER,
    script: 'espeak',
    load: { from },
    files: [],
    processes,
    idleMs,
  });
  return {
    provider: PROVIDER,
    model: 'espeak-ng',
    quality: 'basic',
    voices: VOICES,

    async speak({ text, voice, language, signal }) {
      signal.throwIfAborted();
      const chosen = voice === undefined ? voiceOf(language) : requireVoice(voice);
      const audio = await engine.run({ text: speakable(text), voice: chosen }, signal);
      return { audio, media_type: 'audio/wav' };
    },
  };
}

/** Control characters are espeak's commands (speed, pitch) or end the text; half a pair is no character. */
const speakable = (text: string): string => text.replace(/[^\P{Cc}\n\t]|[\p{Cs}\p{Co}]/gu, ' ');

/** The one of that region, or else the first of that language. */
function voiceOf(language = VOICES[0]!.language): string {
  const wanted = primaryOf(language);
  const able = VOICES.filter((voice) => primaryOf(voice.language) === wanted);
  const exact = able.find((voice) => voice.language.toLowerCase() === language.toLowerCase());
  requireLanguage(
    { provider: PROVIDER, languages: VOICES.map((voice) => primaryOf(voice.language)) },
    wanted,
  );
  return (exact ?? able[0])!.id;
}

function requireVoice(voice: string): string {
  if (VOICES.some(({ id }) => id === voice)) return voice;
  throw unasked(PROVIDER, {
    ...{ code: 'VOICE_UNKNOWN', what: `has no voice \"${voice}\"` },
    hint: `It has ${VOICES.map(({ id }) => id).join(', ')}.`,
  });
}
