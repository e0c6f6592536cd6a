import { OfflineTts } from 'sherpa-onnx-node';
import { serve } from './serve';
import { encodeWav } from './wav';

export interface PiperSettings {
  readonly modelPath: string;
  readonly tokensPath: string;
  readonly espeakDataDir: string;
}

export interface PiperRequest {
  readonly text: string;
}

serve(async ({ modelPath, tokensPath, espeakDataDir }: PiperSettings) => {
  const voice = new OfflineTts({
    model: {
      vits: { model: modelPath, tokens: tokensPath, dataDir: espeakDataDir },
      numThreads: 1,
      provider: 'cpu',
    },
    // Sentence by sentence: memory does not grow with the text.
    maxNumSentences: 1,
  });

  return async ({ text }: PiperRequest): Promise<Uint8Array> => {
    const { samples, sampleRate } = voice.generate({ text, sid: 0, speed: 1 });
    return encodeWav(samples, sampleRate);
  };
});
