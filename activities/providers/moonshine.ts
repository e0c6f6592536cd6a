import { join } from 'node:path';
import { createEngine } from './engine';
import { requireLanguage } from './engines/language';
import { withoutLoops } from './engines/loops';
import type { MoonshineRequest } from './engines/moonshine';
import { findVoice } from './engines/voice';
import type { Transcriber } from './spec';

export interface MoonshineSettings {
  readonly modelDir: string;
  /** One thread and about 200 MB each. */
  readonly processes: number;
  readonly idleMs: number;
}

const SAMPLE_RATE = 16_000;
/** For music it writes notes: ♪♪♪. */
const HAS_WORDS = /[\p{L}\p{N}]/u;
const FILES = ['encoder_model.ort', 'decoder_model_merged.ort', 'tokens.txt'];

/** Moonshine tiny through onnxruntime, in child processes: English, very fast, no times of its own. */
export function moonshine({ modelDir, processes, idleMs }: MoonshineSettings): Transcriber {
  const engine = createEngine<MoonshineRequest, string>({
    provider: 'moonshine',
    script: 'moonshine',
    load: { modelDir },
    files: FILES.map((file) => join(modelDir, file)),
    processes,
    idleMs,
  });
  const transcriber: Transcriber = {
    provider: 'moonshine',
    model: 'tiny-en',
    quality: 'basic',
    maxWindowS: 15,
    languages: ['en'],
    times: 'window',

    async transcribe({ samples, language = 'en', signal }) {
      signal.throwIfAborted();
      requireLanguage(transcriber, language);
      const voice = findVoice(samples);
      if (!voice) return { language, segments: [] };
      const { start, end } = voice;
      const heard = await engine.run({ samples: samples.slice(start, end) }, signal);
      const text = withoutLoops(heard.split(' '), (word) => word).join(' ');
      const segment = { text, start_s: start / SAMPLE_RATE, end_s: end / SAMPLE_RATE };
      return { language, segments: HAS_WORDS.test(text) ? [segment] : [] };
    },
  };
  return transcriber;
}
