import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertMpnet } from './convert-mpnet';
import { readSafetensors } from './safetensors';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpnet-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A header alone: the conversion never reads weights. Every tensor is given four bytes. */
async function writeHeader(names: readonly string[]): Promise<number> {
  const entries = names.map((name, index) => [
    name,
    { dtype: 'F32', shape: [1], data_offsets: [4 * index, 4 * index + 4] },
  ]);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.from(BigUint64Array.of(BigInt(json.length)).buffer);
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, json]));
  return 8 + json.length;
}

const affine = (name: string) => [`${name}.weight`, `${name}.bias`];
const names = [
  'embeddings.word_embeddings.weight',
  'embeddings.position_embeddings.weight',
  'encoder.relative_attention_bias.weight',
  ...affine('embeddings.LayerNorm'),
  ...Array.from({ length: 12 }, (_, layer) => `encoder.layer.${layer}`).flatMap((layer) => [
    ...['q', 'k', 'v', 'o'].flatMap((part) => affine(`${layer}.attention.attn.${part}`)),
    ...['attention.LayerNorm', 'intermediate.dense', 'output.dense', 'output.LayerNorm'].flatMap((part) =>
      affine(`${layer}.${part}`),
    ),
  ]),
];

it('reads where tensors lie from the header', async () => {
  const headerEnd = await writeHeader(['a', 'b']);
  const tensor = await readSafetensors(join(folder, 'model.safetensors'));
  expect(tensor('b')).toEqual({ shape: [1], offset: headerEnd + 4, length: 4 });
  expect(() => tensor('c')).toThrow('no tensor c');
});

it('writes a small graph that points at every weight exactly once', async () => {
  const headerEnd = await writeHeader(names);
  await convertMpnet(folder, 'model.onnx');
  const graph = (await readFile(join(folder, 'model.onnx'))).toString('latin1');
  expect(graph.length).toBeLessThan(100_000);
  // Each external tensor names its file once.
  expect(graph.split('model.safetensors')).toHaveLength(names.length + 1);
  expect(graph).toContain(`\x06offset\x12${String.fromCharCode(String(headerEnd).length)}${headerEnd}`);
  for (const name of ['input_ids', 'attention_mask', 'position_ids', 'rel_bucket', 'embedding']) {
    expect(graph).toContain(name);
  }
});

it('names the weight that a file lacks', async () => {
  await writeHeader(names.slice(1));
  await expect(convertMpnet(folder, 'model.onnx')).rejects.toThrow('embeddings.word_embeddings.weight');
});
