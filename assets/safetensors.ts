import { open } from 'node:fs/promises';

export interface SafeTensor {
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly [name: string]: {
    readonly shape: readonly number[];
    readonly data_offsets: readonly [number, number];
  };
}

/** Reads only the header: 8 bytes of length, then JSON. https://huggingface.co/docs/safetensors */
export async function readSafetensors(path: string): Promise<(name: string) => SafeTensor> {
  const file = await open(path);
  try {
    const { buffer: lengthBytes } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const length = Number(lengthBytes.readBigUInt64LE());
    const { buffer: json } = await file.read(Buffer.alloc(length), 0, length, 8);
    const header = JSON.parse(json.toString('utf8')) as Header;
    return (name) => {
      const found = header[name];
      if (!found) throw new Error(`${path}: no tensor ${name}`);
      const [start, end] = found.data_offsets;
      return { shape: found.shape, offset: 8 + length + start, length: end - start };
    };
  } finally {
    await file.close();
  }
}
