/** A tensor of 16-bit floats as CTranslate2 stores it. */
export interface HalfTensor {
  readonly dims: readonly number[];
  readonly data: Buffer;
}

const FLOAT16 = 4;

/**
 * Reads a CTranslate2 `model.bin`: header (version, specification, revision), then for each variable
 * name, rank, dimensions, data type, byte count, bytes. Integers are little-endian.
 * https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/model_spec.py
 */
export function readCTranslate2(file: Buffer): (name: string) => HalfTensor {
  const variables = new Map<string, HalfTensor & { readonly type: number }>();
  let offset = 0;
  const byte = () => file.readUInt8((offset += 1) - 1);
  const uint32 = () => file.readUInt32LE((offset += 4) - 4);
  const bytes = (count: number) => file.subarray(offset, (offset += count));
  const text = () => {
    const length = file.readUInt16LE((offset += 2) - 2);
    return bytes(length).toString('utf8', 0, length - 1); // the last one is NUL
  };

  uint32();
  text();
  uint32();
  for (let left = uint32(); left > 0; left -= 1) {
    const name = text();
    const dims = Array.from({ length: byte() }, uint32);
    const type = byte();
    variables.set(name, { dims, type, data: bytes(uint32()) });
  }
  return (name) => {
    const found = variables.get(name);
    if (found?.type !== FLOAT16) throw new Error(`model.bin: no 16-bit tensor ${name}`);
    return found;
  };
}
