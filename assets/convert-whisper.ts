import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenBytes } from './byte-level-bpe';
import { type HalfTensor, readCTranslate2 } from './ctranslate2';
import { widenHalves } from './half-float';
import { BINS, melFilters } from './mel-filters';

type Side = 'encoder' | 'decoder';

interface Shape {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly mels: number;
}

const MAGIC = 0x67676d6c; // 'ggml'
const AUDIO_CONTEXT = 1500;
const TEXT_CONTEXT = 448;
const HEAD_WIDTH = 64;
/** From this size on the vocabulary is the multilingual one, with one more text token. */
const MULTILINGUAL = 51_865;

/** Turns a Whisper model of CTranslate2 (`model.bin`, `vocabulary.txt`) into whisper.cpp's ggml format. */
export async function convertWhisper(folder: string, into: string): Promise<void> {
  const model = await readFile(join(folder, 'model.bin'));
  const vocabulary = await readFile(join(folder, 'vocabulary.txt'), 'utf8');
  await writeFile(join(folder, into), ggmlParts(readCTranslate2(model), vocabulary.split('\n')));
}

function* ggmlParts(tensor: (name: string) => HalfTensor, vocabulary: readonly string[]): Generator<Buffer> {
  const shape = shapeOf(tensor);
  yield header(shape);
  yield int32(shape.mels, BINS);
  yield Buffer.from(melFilters(shape.mels).buffer);
  yield* vocabularyParts(vocabulary.slice(0, shape.vocabulary >= MULTILINGUAL ? 50_257 : 50_256));
  for (const [name, source] of tensorNames(shape)) yield* tensorParts(name, pick(tensor, source));
}

function shapeOf(tensor: (name: string) => HalfTensor): Shape {
  const [vocabulary, width] = tensor('decoder/embeddings/weight').dims as [number, number];
  const [, mels] = tensor('encoder/conv1/weight').dims as [number, number];
  return { vocabulary, width, mels, layers: countLayers(tensor) };
}

function countLayers(tensor: (name: string) => HalfTensor): number {
  for (let layer = 0; ; layer += 1) {
    try {
      tensor(`encoder/layer_${layer}/ffn/linear_0/weight`);
    } catch {
      return layer;
    }
  }
}

function header({ vocabulary, width, layers, mels }: Shape): Buffer {
  const heads = width / HEAD_WIDTH;
  const halfPrecision = 1;
  const audio = [AUDIO_CONTEXT, width, heads, layers];
  const text = [TEXT_CONTEXT, width, heads, layers];
  return int32(MAGIC, vocabulary, ...audio, ...text, mels, halfPrecision);
}

function* vocabularyParts(tokens: readonly string[]): Generator<Buffer> {
  yield int32(tokens.length);
  for (const token of tokens) {
    const bytes = tokenBytes(token);
    yield int32(bytes.length);
    yield bytes;
  }
}

/** A tensor of the source, or one of the equal row blocks that it stacks: `[block, of]`. */
type SourceName = readonly [name: string, block?: number, of?: number];
type Renaming = readonly [ggml: string, source: SourceName];

function* tensorNames({ layers }: Shape): Generator<Renaming> {
  yield ['encoder.positional_embedding', ['encoder/position_encodings/encodings']];
  yield ['decoder.positional_embedding', ['decoder/position_encodings/encodings']];
  yield ['decoder.token_embedding.weight', ['decoder/embeddings/weight']];
  yield* linear('encoder.conv1', 'encoder/conv1');
  yield* linear('encoder.conv2', 'encoder/conv2');
  yield* norm('encoder.ln_post', 'encoder/layer_norm');
  yield* norm('decoder.ln', 'decoder/layer_norm');
  for (const side of ['encoder', 'decoder'] as const) {
    for (let layer = 0; layer < layers; layer += 1) yield* block(side, layer);
  }
}

function* block(side: Side, layer: number): Generator<Renaming> {
  const to = `${side}.blocks.${layer}`;
  const from = `${side}/layer_${layer}`;
  yield* norm(`${to}.attn_ln`, `${from}/self_attention/layer_norm`);
  yield* selfAttention(`${to}.attn`, `${from}/self_attention`);
  if (side === 'decoder') {
    yield* norm(`${to}.cross_attn_ln`, `${from}/attention/layer_norm`);
    yield* crossAttention(`${to}.cross_attn`, `${from}/attention`);
  }
  yield* norm(`${to}.mlp_ln`, `${from}/ffn/layer_norm`);
  yield* linear(`${to}.mlp.0`, `${from}/ffn/linear_0`);
  yield* linear(`${to}.mlp.2`, `${from}/ffn/linear_1`);
}

/** CTranslate2 stacks query, key and value; the key has no bias in Whisper. */
function* selfAttention(to: string, from: string): Generator<Renaming> {
  yield* linear(`${to}.query`, `${from}/linear_0`, [0, 3]);
  yield [`${to}.key.weight`, [`${from}/linear_0/weight`, 1, 3]];
  yield* linear(`${to}.value`, `${from}/linear_0`, [2, 3]);
  yield* linear(`${to}.out`, `${from}/linear_1`);
}

/** Here key and value are stacked, and the query stands alone. */
function* crossAttention(to: string, from: string): Generator<Renaming> {
  yield* linear(`${to}.query`, `${from}/linear_0`);
  yield [`${to}.key.weight`, [`${from}/linear_1/weight`, 0, 2]];
  yield* linear(`${to}.value`, `${from}/linear_1`, [1, 2]);
  yield* linear(`${to}.out`, `${from}/linear_2`);
}

function* linear(to: string, from: string, rows: readonly [number, number] | [] = []): Generator<Renaming> {
  yield [`${to}.weight`, [`${from}/weight`, ...rows]];
  yield [`${to}.bias`, [`${from}/bias`, ...rows]];
}

function* norm(to: string, from: string): Generator<Renaming> {
  yield [`${to}.weight`, [`${from}/gamma`]];
  yield [`${to}.bias`, [`${from}/beta`]];
}

function pick(tensor: (name: string) => HalfTensor, [name, part = 0, of = 1]: SourceName): HalfTensor {
  const { dims, data } = tensor(name);
  const [rows, ...rest] = dims as [number, ...number[]];
  const size = data.length / of;
  return { dims: [rows / of, ...rest], data: data.subarray(part * size, (part + 1) * size) };
}

/** whisper.cpp wants vectors and position tables in 32 bits, and convolution biases as columns. */
function* tensorParts(name: string, { dims, data }: HalfTensor): Generator<Buffer> {
  const isConvolutionBias = /conv\d\.bias$/.test(name);
  const wide = dims.length < 2 || name.endsWith('positional_embedding');
  const shape = isConvolutionBias ? [dims[0] ?? 0, 1] : dims;
  const label = Buffer.from(name);
  yield int32(shape.length, label.length, wide ? 0 : 1, ...shape.toReversed());
  yield label;
  yield wide ? widenHalves(data) : data;
}

function int32(...values: readonly number[]): Buffer {
  return Buffer.from(Int32Array.from(values).buffer);
}
