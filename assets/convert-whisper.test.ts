import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ctranslate2File } from './__fixtures__/ctranslate2';
import { convertWhisper } from './convert-whisper';

/** One layer a side, 64 wide, 2 mel bands, a vocabulary of 3. */
const WIDTH = 64;
const linear = (name: string, rows: number, columns: number) => ({
  [`${name}/weight`]: [rows, columns],
  [`${name}/bias`]: [rows],
});
const norm = (name: string) => ({ [`${name}/gamma`]: [WIDTH], [`${name}/beta`]: [WIDTH] });
const layer = (name: string) => ({
  ...norm(`${name}/self_attention/layer_norm`),
  ...linear(`${name}/self_attention/linear_0`, 3 * WIDTH, WIDTH),
  ...linear(`${name}/self_attention/linear_1`, WIDTH, WIDTH),
  ...norm(`${name}/ffn/layer_norm`),
  ...linear(`${name}/ffn/linear_0`, 4 * WIDTH, WIDTH),
  ...linear(`${name}/ffn/linear_1`, WIDTH, 4 * WIDTH),
});
const crossAttention = {
  ...norm('decoder/layer_0/attention/layer_norm'),
  ...linear('decoder/layer_0/attention/linear_0', WIDTH, WIDTH),
  ...linear('decoder/layer_0/attention/linear_1', 2 * WIDTH, WIDTH),
  ...linear('decoder/layer_0/attention/linear_2', WIDTH, WIDTH),
};
const tensors = {
  'encoder/position_encodings/encodings': [10, WIDTH],
  'decoder/position_encodings/encodings': [5, WIDTH],
  'decoder/embeddings/weight': [3, WIDTH],
  'encoder/conv1/weight': [WIDTH, 2, 3],
  'encoder/conv1/bias': [WIDTH],
  'encoder/conv2/weight': [WIDTH, WIDTH, 3],
  'encoder/conv2/bias': [WIDTH],
  ...norm('encoder/layer_norm'),
  ...norm('decoder/layer_norm'),
  ...layer('encoder/layer_0'),
  ...layer('decoder/layer_0'),
  ...crossAttention,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whisper-'));
  await writeFile(join(folder, 'vocabulary.txt'), 'a\nĠb\n<|endoftext|>\n');
});
afterEach(() => rm(folder, { recursive: true }));

async function convert(model: Buffer): Promise<Buffer> {
  await writeFile(join(folder, 'model.bin'), model);
  await convertWhisper(folder, 'ggml.bin');
  return readFile(join(folder, 'ggml.bin'));
}

/** Reads what whisper.cpp would. */
function parse(file: Buffer) {
  let offset = 0;
  const int = () => file.readInt32LE((offset += 4) - 4);
  const bytes = (count: number) => file.subarray(offset, (offset += count));
  const header = Array.from({ length: 12 }, int);
  const filterDims = [int(), int()] as const;
  bytes(filterDims[0] * filterDims[1] * 4);
  const tokens = Array.from({ length: int() }, () => bytes(int()).toString());
  const found = new Map<string, { dims: number[]; wide: boolean; first: number }>();
  while (offset < file.length) {
    const [rank, nameLength, type] = [int(), int(), int()];
    const dims = Array.from({ length: rank }, int);
    const name = bytes(nameLength).toString();
    const data = bytes(dims.reduce((product, size) => product * size, 1) * (type === 0 ? 4 : 2));
    const first = type === 0 ? data.readFloatLE() : data.readUInt16LE();
    found.set(name, { dims, wide: type === 0, first });
  }
  return { header, filterDims, tokens, tensors: found };
}

it('writes header, filters and vocabulary as whisper.cpp reads them', async () => {
  const { header, filterDims, tokens } = parse(await convert(ctranslate2File(tensors)));
  expect(header).toEqual([0x67676d6c, 3, 1500, 64, 1, 1, 448, 64, 1, 1, 2, 1]);
  expect(filterDims).toEqual([2, 201]);
  expect(tokens).toEqual(['a', ' b', '<|endoftext|>', '']);
});

it('splits stacked projections and gives the key no bias', async () => {
  const { tensors: written } = parse(await convert(ctranslate2File(tensors)));
  for (const name of ['query', 'key', 'value', 'out']) {
    const { dims, wide } = written.get(`decoder.blocks.0.attn.${name}.weight`)!;
    expect({ dims, wide }).toEqual({ dims: [WIDTH, WIDTH], wide: false });
    expect(written.get(`decoder.blocks.0.cross_attn.${name}.weight`)?.dims).toEqual([WIDTH, WIDTH]);
  }
  expect(written.has('encoder.blocks.0.attn.key.bias')).toBe(false);
  expect(written.has('encoder.blocks.0.attn.value.bias')).toBe(true);
  expect(written.has('encoder.blocks.0.cross_attn.query.weight')).toBe(false);
});

it('widens vectors and position tables, and turns convolution biases into columns', async () => {
  const { tensors: written } = parse(await convert(ctranslate2File(tensors)));
  expect(written.get('encoder.conv1.bias')).toEqual({ dims: [1, WIDTH], wide: true, first: 1 });
  expect(written.get('encoder.positional_embedding')).toEqual({ dims: [WIDTH, 10], wide: true, first: 1 });
  expect(written.get('encoder.conv1.weight')).toEqual({ dims: [3, 2, WIDTH], wide: false, first: 0x3c00 });
});

it('names the tensor that a file lacks', async () => {
  const { 'encoder/conv1/weight': _, ...rest } = tensors;
  await expect(convert(ctranslate2File(rest))).rejects.toThrow('no 16-bit tensor encoder/conv1/weight');
});
