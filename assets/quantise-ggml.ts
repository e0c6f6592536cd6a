import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { halfToNumber, numberToHalf } from './half-float';

/** What `quantiseGgml` reads. */
export const FULL_GGML = 'ggml.bin';

const HEADER_INTS = 12;
const HALF_TYPE = 1;
const Q8_0_TYPE = 8;
/** ggml's GGML_FTYPE_MOSTLY_Q8_0, in the second version of its quantised formats. */
const Q8_0_FILE = 2_007;
/** Weights that share a scale. */
const BLOCK = 32;
const HALF_BYTES = 2;
const BLOCK_BYTES = HALF_BYTES + BLOCK;

/**
 * A Whisper model of 16-bit floats (`ggml.bin`) with its matrices in Q8_0: for 32 weights a 16-bit scale and
 * 32 signed bytes. Half the memory, a fifth less time, and the words of the sample lecture stay the same.
 * https://github.com/ggml-org/whisper.cpp/blob/master/examples/quantize/quantize.cpp
 */
export async function quantiseGgml(folder: string, into: string): Promise<void> {
  const model = await readFile(join(folder, FULL_GGML));
  await pipeline(Readable.from(quantised(model)), createWriteStream(join(folder, into)));
}

function* quantised(model: Buffer): Generator<Buffer> {
  const tensorsAt = endOfVocabulary(model);
  const head = Buffer.from(model.subarray(0, tensorsAt));
  head.writeInt32LE(Q8_0_FILE, (HEADER_INTS - 1) * 4);
  yield head;
  for (let offset = tensorsAt; offset < model.length;) {
    const { label, dims, type, dataAt, end } = readTensor(model, offset);
    const isMatrix = type === HALF_TYPE && dims.length === 2;
    if (isMatrix) yield* matrix(dims, label, model.subarray(dataAt, end));
    else yield model.subarray(offset, end);
    offset = end;
  }
}

/** After the header: the mel filters (`mels`, `bins`, floats), then the tokens (count; length, bytes each). */
function endOfVocabulary(model: Buffer): number {
  const filtersAt = HEADER_INTS * 4;
  const filters = model.readInt32LE(filtersAt) * model.readInt32LE(filtersAt + 4);
  let offset = filtersAt + 8 + filters * 4;
  const tokens = model.readInt32LE(offset);
  offset += 4;
  for (let token = 0; token < tokens; token += 1) offset += 4 + model.readInt32LE(offset);
  return offset;
}

/** Rank, length of the name, type, dimensions, name, data. */
function readTensor(model: Buffer, at: number) {
  const [rank, nameLength, type] = [0, 4, 8].map((field) => model.readInt32LE(at + field)) as [
    number,
    number,
    number,
  ];
  const dims = Array.from({ length: rank }, (_none, index) => model.readInt32LE(at + 12 + index * 4));
  const nameAt = at + 12 + rank * 4;
  const dataAt = nameAt + nameLength;
  const elements = dims.reduce((product, size) => product * size, 1);
  const end = dataAt + elements * (type === HALF_TYPE ? HALF_BYTES : 4);
  return { label: model.subarray(nameAt, dataAt), dims, type, dataAt, end };
}

function* matrix(dims: readonly number[], label: Buffer, halves: Buffer): Generator<Buffer> {
  yield Buffer.from(Int32Array.of(dims.length, label.length, Q8_0_TYPE, ...dims).buffer);
  yield label;
  yield toQ8(halves);
}

function toQ8(halves: Buffer): Buffer {
  const blocks = halves.length / HALF_BYTES / BLOCK;
  const bytes = Buffer.alloc(blocks * BLOCK_BYTES);
  const weights = new Float64Array(BLOCK);
  for (let block = 0; block < blocks; block += 1) {
    const from = block * BLOCK * HALF_BYTES;
    for (let index = 0; index < BLOCK; index += 1)
      weights[index] = halfToNumber(halves.readUInt16LE(from + index * HALF_BYTES));
    writeBlock(weights, bytes, block * BLOCK_BYTES);
  }
  return bytes;
}

function writeBlock(weights: Float64Array, bytes: Buffer, at: number): void {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  const scale = largest / 127;
  bytes.writeUInt16LE(numberToHalf(scale), at);
  for (const [index, weight] of weights.entries())
    bytes.writeInt8(scale === 0 ? 0 : Math.round(weight / scale), at + HALF_BYTES + index);
}
