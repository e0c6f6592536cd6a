/** The package has no types; these are the parts used here. */
declare module 'sherpa-onnx-node' {
  interface OfflineTtsConfig {
    readonly model: {
      readonly vits: { readonly model: string; readonly tokens: string; readonly dataDir: string };
      readonly numThreads: number;
      readonly provider: 'cpu';
    };
    readonly maxNumSentences: number;
  }

  class OfflineTts {
    constructor(config: OfflineTtsConfig);
    generate(request: { readonly text: string; readonly sid: number; readonly speed: number }): {
      readonly samples: Float32Array;
      readonly sampleRate: number;
    };
  }
}
