import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { halfToNumber, numberToHalf } from './half-float';
import { FULL_GGML, quantiseGgml } from './quantise-ggml';

const ints = (...values: readonly number[]) => Buffer.from(Int32Array.from(values).buffer);
const half = (value: number) => numberToHalf(Math.abs(value)) | (value < 0 ? 0x8000 : 0);
const halves = (values: readonly number[]) => Buffer.from(Uint16Array.from(values, half).buffer);

const FILTERS = Buffer.concat([ints(1, 2), Buffer.alloc(8)]);
const VOCABULARY = Buffer.concat([ints(2, 1), Buffer.from('a'), ints(2), Buffer.from(' b')]);
const head = (type: number) =>
  Buffer.concat([ints(0x67676d6c, ...Array<number>(10).fill(1), type), FILTERS, VOCABULARY]);
const tensor = (name: string, type: number, dims: readonly number[], data: Buffer) =>
  Buffer.concat([ints(dims.length, name.length, type, ...dims), Buffer.from(name), data]);

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ggml-'))));
afterEach(() => rm(folder, { recursive: true }));

async function quantise(...parts: readonly Buffer[]): Promise<Buffer> {
  await writeFile(join(folder, FULL_GGML), Buffer.concat(parts));
  await quantiseGgml(folder, 'small.bin');
  return readFile(join(folder, 'small.bin'));
}

it('gives 32 weights of a matrix a scale and a byte each', async () => {
  const weights = Array.from({ length: 64 }, (_none, index) => (index < 32 ? (index - 16) / 20 : 0));
  const small = await quantise(head(1), tensor('w', 1, [32, 2], halves(weights)));
  const [first, second] = [small.subarray(-68, -34), small.subarray(-34)];
  expect(small.subarray(0, -68)).toEqual(
    Buffer.concat([head(2_007), tensor('w', 8, [32, 2], Buffer.alloc(0))]),
  );
  const scale = halfToNumber(first.readUInt16LE(0));
  expect(scale).toBeCloseTo(0.8 / 127, 5);
  for (const [index, weight] of weights.slice(0, 32).entries())
    expect(Math.abs(first.readInt8(2 + index) * scale - weight)).toBeLessThan(scale);
  expect(second).toEqual(Buffer.alloc(34));
});

it('leaves vectors, convolutions and 32-bit tables as they are', async () => {
  const others = [
    tensor('bias', 0, [32], Buffer.alloc(128, 1)),
    tensor('conv', 1, [1, 2, 32], halves(Array<number>(64).fill(0.5))),
    tensor('positions', 0, [32, 1], Buffer.alloc(128, 2)),
  ];
  expect(await quantise(head(1), ...others)).toEqual(Buffer.concat([head(2_007), ...others]));
});
