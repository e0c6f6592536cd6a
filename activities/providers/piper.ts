import { join } from 'node:path';
import { createEngine } from './engine';
import type { PiperRequest } from './engines/piper';
import { unasked } from './error';
import type { Speaker, Voice } from './spec';

export interface PiperSettings {
  readonly modelPath: string;
  readonly tokensPath: string;
  readonly espeakDataDir: string;
  /** One thread and about 200 MB each. */
  readonly processes: number;
  readonly idleMs: number;
}

const VOICES: readonly Voice[] = [{ id: 'joe', name: 'Joe', language: 'en-US' }];

/** Piper's voice "joe" through sherpa-onnx, in child processes: 22.05 kHz mono WAV. */
export function piper({ modelPath, tokensPath, espeakDataDir, processes, idleMs }: PiperSettings): Speaker {
  const engine = createEngine<PiperRequest, Uint8Array>({
    provider: 'piper',
    script: 'piper',
    load: { modelPath, tokensPath, espeakDataDir },
    files: [modelPath, tokensPath, join(espeakDataDir, 'phontab')],
    processes,
    idleMs,
  });
  return {
    provider: 'piper',
    model: 'en_US-joe-medium',
    quality: 'standard',
    voices: VOICES,

    async speak({ text, voice, signal }) {
      signal.throwIfAborted();
      requireVoice(voice);
      const audio = await engine.run({ text }, signal);
      return { audio, media_type: 'audio/wav' };
    },
  };
}

function requireVoice(voice: string | undefined): void {
  if (voice === undefined || VOICES.some(({ id }) => id === voice)) return;
  throw unasked('piper', {
    ...{ code: 'VOICE_UNKNOWN', what: `has no voice \"${voice}\"` },
    hint: `It has ${VOICES.map(({ id }) => id).join(', ')}.`,
  });
}
