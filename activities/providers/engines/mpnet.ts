import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { relativeBuckets } from './relative-buckets';
import { serve } from './serve';

export interface MpnetSettings {
  readonly modelDir: string;
  readonly threads: number;
}

export interface MpnetRequest {
  readonly texts: readonly string[];
}

/** The package's own types do not resolve outside a bundler. */
interface TokenizerModule {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => {
    encode(text: string): { readonly ids: readonly number[] };
  };
}

const DIMENSION = 768;
/** Longer texts are cut; the model was trained with as many. */
const MAX_TOKENS = 384;
/** Texts per run: more bring no speed on a CPU, only memory. */
const BATCH = 8;
const PADDING = 1;
const END = 2;

serve(async ({ modelDir, threads }: MpnetSettings) => {
  const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as TokenizerModule;
  const tokenizer = new Tokenizer(
    await readJson(join(modelDir, 'tokenizer.json')),
    await readJson(join(modelDir, 'tokenizer_config.json')),
  );
  const session = await InferenceSession.create(join(modelDir, 'model.onnx'), {
    intraOpNumThreads: threads,
    executionMode: 'sequential',
  });

  return async ({ texts }: MpnetRequest): Promise<Float32Array[]> => {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += BATCH) {
      const tokens = texts.slice(start, start + BATCH).map((text) => cut(tokenizer.encode(text).ids));
      vectors.push(...(await embed(session, tokens)));
    }
    return vectors;
  };
});

async function embed(
  session: InferenceSession,
  texts: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const length = Math.max(...texts.map((tokens) => tokens.length));
  const perToken = (value: (token: number | undefined, position: number) => number) =>
    integers([texts.length, length], (index) => {
      const position = index % length;
      return value(texts[Math.floor(index / length)]?.[position], position);
    });
  const { embedding } = await session.run({
    input_ids: perToken((token) => token ?? PADDING),
    attention_mask: perToken((token) => (token === undefined ? 0 : 1)),
    // Positions are counted from the number after padding's.
    position_ids: perToken((token, position) => (token === undefined ? PADDING : PADDING + 1 + position)),
    rel_bucket: integers([length, length], relativeBuckets(length)),
  });
  const all = embedding?.data as Float32Array;
  return texts.map((_, index) => all.slice(index * DIMENSION, (index + 1) * DIMENSION));
}

/** Keeps the end mark. */
function cut(tokens: readonly number[]): readonly number[] {
  return tokens.length > MAX_TOKENS ? [...tokens.slice(0, MAX_TOKENS - 1), END] : tokens;
}

function integers(dims: readonly [number, number], valueAt: (index: number) => number): Tensor {
  const values = BigInt64Array.from({ length: dims[0] * dims[1] }, (_, index) => BigInt(valueAt(index)));
  return new Tensor('int64', values, dims);
}

async function readJson(path: string): Promise<object> {
  return JSON.parse(await readFile(path, 'utf8')) as object;
}
