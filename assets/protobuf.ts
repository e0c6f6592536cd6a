/** Just enough of the protocol-buffers wire format to write ONNX. https://protobuf.dev/programming-guides/encoding */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}

export function integerField(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)]);
}

/** A string, raw bytes, or an embedded message given as its fields. */
export function bytesField(field: number, value: string | Buffer | readonly Buffer[]): Buffer {
  const bytes = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value as string | Buffer);
  return Buffer.concat([varint((field << 3) | BYTES), varint(bytes.length), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | FIXED32), bytes]);
}
