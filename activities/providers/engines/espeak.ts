import { serve } from './serve';
import { encodeWav } from './wav';

export interface EspeakSettings {
  /** What to import: the package's name, or the path of its script. */
  readonly from: string;
}

export interface EspeakRequest {
  readonly text: string;
  readonly voice: string;
}

/** The package has no types, and is loaded only when it is needed; these are the parts used here. */
interface EspeakModule {
  default(): Promise<{ readonly eSpeakNGWorker: new () => Espeak }>;
}

interface Espeak {
  get_samplerate(): number;
  /** 0 if it has the voice. */
  set_voice(name: string): number;
  /**
   * Reads the text as it is; the sibling `synthesize` would obey SSML and phonemes within it.
   * The samples are 16-bit, mono.
   */
  synthesize_and_get_phonemes(text: string, onSamples: (samples: Int16Array) => void): string;
}

const FULL_SCALE = 32_768;

serve(async ({ from }: EspeakSettings) => {
  const { default: load } = (await import(from)) as EspeakModule;
  const { eSpeakNGWorker } = await load();
  const espeak = new eSpeakNGWorker();

  return async ({ text, voice }: EspeakRequest): Promise<Uint8Array> => {
    if (espeak.set_voice(voice) !== 0) throw new Error(`has no voice "${voice}"`);
    const chunks: Int16Array[] = [];
    espeak.synthesize_and_get_phonemes(text, (samples) => void chunks.push(samples));
    return encodeWav(join(chunks), espeak.get_samplerate());
  };
});

function join(chunks: readonly Int16Array[]): Float32Array {
  const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) for (const sample of chunk) samples[position++] = sample / FULL_SCALE;
  return samples;
}
