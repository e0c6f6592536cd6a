import { join } from 'node:path';
import { createEngine } from './engine';
import type { MpnetRequest } from './engines/mpnet';
import type { Embedder } from './spec';

export interface MpnetSettings {
  /** Holds the graph, the weights beside it, and the tokenizer. */
  readonly modelDir: string;
  readonly threads: number;
  readonly idleMs: number;
}

const FILES = ['model.onnx', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

/** all-mpnet-base-v2 through onnxruntime, in one child process of about 800 MB. */
export function mpnet({ modelDir, threads, idleMs }: MpnetSettings): Embedder {
  const engine = createEngine<MpnetRequest, Float32Array[]>({
    provider: 'mpnet',
    script: 'mpnet',
    load: { modelDir, threads },
    files: FILES.map((file) => join(modelDir, file)),
    processes: 1,
    idleMs,
  });
  return {
    provider: 'mpnet',
    model: 'all-mpnet-base-v2',
    quality: 'standard',
    dimension: 768,

    async embed({ texts, signal }) {
      signal.throwIfAborted();
      return texts.length === 0 ? [] : engine.run({ texts }, signal);
    },
  };
}
