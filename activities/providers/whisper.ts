import { createEngine } from './engine';
import { requireLanguage } from './engines/language';
import { findLoop, withoutLoops } from './engines/loops';
import { findVoice, type Voice } from './engines/voice';
import type { WhisperRequest, WhisperResult } from './engines/whisper';
import { fromWhisperCode, toWhisperCode, WHISPER_LANGUAGES } from './engines/whisper-languages';
import { retime, segmentsOf, sentencesOf, type SpokenWord, wordsOf } from './engines/words';
import type { Transcriber } from './spec';

export interface WhisperSettings {
  readonly model: 'base' | 'tiny.en';
  /** ggml file. */
  readonly modelPath: string;
  /** One thread and about 250 MB (base) each. */
  readonly processes: number;
  readonly idleMs: number;
}

const SAMPLE_RATE = 16_000;
const MAX_WINDOW_S = 15;
/** whisper.cpp ignores what is shorter than a second. */
const MIN_WINDOW_S = 1.1;
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
      const heard = await hear(padded(samples.subarray(voice.start, voice.end)), language, signal);
      const words = withoutLoops(wordsOf(heard, voice), ({ text }) => text);
      const sentences = sentencesOf(words).filter((sentence) => isHeard(sentence, voice));
      const segments = sentences.flatMap((sentence) => segmentsOf(retime(sentence, voice)));
      return { language: fromWhisperCode(heard.language), segments };
    },
  };
  return transcriber;
}

/** A copy, with silence after it where it is too short. */
function padded(samples: Float32Array): Float32Array {
  const copy = new Float32Array(Math.max(samples.length, MIN_WINDOW_S * SAMPLE_RATE));
  copy.set(samples);
  return copy;
}

function isHeard(sentence: readonly SpokenWord[], voice: Voice): boolean {
  return voice.isHeardBetween(sentence[0]?.start_s ?? 0, sentence.at(-1)?.end_s ?? 0);
}
