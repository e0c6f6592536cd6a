import { createEngine } from './engine';
import { requireLanguage } from './engines/language';
import { findLoop, withoutLoops } from './engines/loops';
import { findVoice } from './engines/voice';
import type { WhisperRequest, WhisperResult } from './engines/whisper';
import { fromWhisperCode, toWhisperCode, WHISPER_LANGUAGES } from './engines/whisper-languages';
import { segmentsOf, wordsOf } from './engines/words';
import type { Transcriber } from './spec';

export interface WhisperSettings {
  readonly model: 'base' | 'tiny.en';
  /** ggml file. */
  readonly modelPath: string;
  /** One thread and about 350 MB (base) each. */
  readonly processes: number;
  readonly idleMs: number;
}

const SAMPLE_RATE = 16_000;
const MAX_WINDOW_S = 14;
/**
 * Encoder frames (20 ms) for windows up to `MAX_WINDOW_S`: half of the model's 1500, twice the speed.
 * Fewer make it repeat itself.
 */
const SHORT_CONTEXT = 768;
const FULL_CONTEXT = 0;

/** whisper.cpp in child processes, with word times. */
export function whisper({ model, modelPath, processes, idleMs }: WhisperSettings): Transcriber {
  const engine = createEngine<WhisperRequest, WhisperResult>({
    provider: 'whisper',
    script: 'whisper',
    load: { modelPath },
    files: [modelPath],
    processes,
    idleMs,
  });

  async function hear(samples: Float32Array, language: string | undefined, signal: AbortSignal) {
    const request = { samples, language: toWhisperCode(language ?? 'auto') };
    if (samples.length <= MAX_WINDOW_S * SAMPLE_RATE) {
      const quick = await engine.run({ ...request, audioContext: SHORT_CONTEXT }, signal);
      if (!findLoop(quick.text.split(/\s+/))) return quick;
    }
    return engine.run({ ...request, audioContext: FULL_CONTEXT }, signal);
  }

  const transcriber: Transcriber = {
    provider: 'whisper',
    model,
    quality: model === 'base' ? 'standard' : 'basic',
    maxWindowS: MAX_WINDOW_S,
    languages: model === 'base' ? WHISPER_LANGUAGES : ['en'],
    times: 'word',

    async transcribe({ samples, language = model === 'tiny.en' ? 'en' : undefined, signal }) {
      signal.throwIfAborted();
      requireLanguage(transcriber, language);
      const voice = findVoice(samples);
      if (!voice) return { language: language ?? 'und', segments: [] };
      const heard = await hear(samples.slice(voice.start, voice.end), language, signal);
      const words = withoutLoops(wordsOf(heard, voice), ({ text }) => text);
      const segments = segmentsOf(words).filter(({ start_s, end_s }) => voice.isHeardBetween(start_s, end_s));
      return { language: fromWhisperCode(heard.language), segments };
    },
  };
  return transcriber;
}
