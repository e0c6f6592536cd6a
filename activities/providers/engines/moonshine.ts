import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { serve } from './serve';

export interface MoonshineSettings {
  readonly modelDir: string;
}

export interface MoonshineRequest {
  /** 16 kHz mono. */
  readonly samples: Float32Array;
}

const SAMPLE_RATE = 16_000;
const START = 1;
const END = 2;
/** Nobody speaks faster; the limit ends a decoder that has lost the thread. */
const TOKENS_PER_S = 6.5;

type Tensors = Record<string, Tensor>;

serve(async ({ modelDir }: MoonshineSettings) => {
  const options = { intraOpNumThreads: 1, executionMode: 'sequential' } as const;
  const encoder = await InferenceSession.create(join(modelDir, 'encoder_model.ort'), options);
  const decoder = await InferenceSession.create(join(modelDir, 'decoder_model_merged.ort'), options);
  const vocabulary = await readVocabulary(join(modelDir, 'tokens.txt'));

  return async ({ samples }: MoonshineRequest): Promise<string> => {
    const sound = await encode(encoder, samples);
    const tokens = await decode(decoder, sound, Math.ceil((samples.length / SAMPLE_RATE) * TOKENS_PER_S) + 4);
    const bytes = Buffer.concat(tokens.map((token) => vocabulary[token] ?? Buffer.alloc(0)));
    return bytes.toString('utf8').replaceAll('▁', ' ').trim();
  };
});

async function readVocabulary(path: string): Promise<Buffer[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.map((line) => Buffer.from(line, 'base64'));
}

/** What the decoder listens to at every step. */
async function encode(encoder: InferenceSession, samples: Float32Array): Promise<Tensors> {
  const dims = [1, samples.length];
  const mask = new Tensor('int64', new BigInt64Array(samples.length).fill(1n), dims);
  const { last_hidden_state } = await encoder.run({
    input_values: new Tensor('float32', samples, dims),
    attention_mask: mask,
  });
  return { encoder_attention_mask: mask, encoder_hidden_states: last_hidden_state as Tensor };
}

/** Greedy: the likeliest token at each step, until the end mark. */
async function decode(decoder: InferenceSession, sound: Tensors, limit: number): Promise<number[]> {
  const tokens: number[] = [];
  let memory = emptyMemory(decoder);
  for (let token = START; tokens.length < limit;) {
    const isFirst = token === START;
    const results = await decoder.run({
      ...sound,
      ...memory,
      input_ids: new Tensor('int64', [BigInt(token)], [1, 1]),
      use_cache_branch: new Tensor('bool', [!isFirst], [1]),
    });
    token = likeliest(results.logits?.data as Float32Array);
    if (token === END) break;
    tokens.push(token);
    memory = remember(memory, results, isFirst);
  }
  return tokens;
}

function emptyMemory(decoder: InferenceSession): Tensors {
  const names = decoder.inputNames.filter((name) => name.startsWith('past_key_values.'));
  const [first] = decoder.inputMetadata.filter(({ name }) => name === names[0]);
  const [, heads, , width] = first?.isTensor ? first.shape : [];
  const dims = [1, Number(heads), 0, Number(width)];
  return Object.fromEntries(names.map((name) => [name, new Tensor('float32', new Float32Array(0), dims)]));
}

/** Attention to the sound is computed once, at the first step; attention to the words grows. */
function remember(memory: Tensors, results: Tensors, isFirst: boolean): Tensors {
  const entries = Object.entries(memory).map(([name, old]) => {
    const isNew = isFirst || name.includes('.decoder.');
    return [name, isNew ? (results[name.replace('past_key_values', 'present')] as Tensor) : old] as const;
  });
  return Object.fromEntries(entries);
}

function likeliest(logits: Float32Array): number {
  return logits.reduce((best, value, index) => (value > (logits[best] ?? -Infinity) ? index : best), 0);
}
