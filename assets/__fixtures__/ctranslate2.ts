/** A `model.bin` of CTranslate2 with 16-bit tensors whose values are all 1. */
export function ctranslate2File(tensors: Readonly<Record<string, readonly number[]>>): Buffer {
  const entries = Object.entries(tensors).flatMap(([name, dims]) => {
    const halves = Buffer.alloc(dims.reduce((product, size) => product * size, 1) * 2);
    for (let offset = 0; offset < halves.length; offset += 2) halves.writeUInt16LE(0x3c00, offset);
    const float16 = Buffer.of(4);
    return [text(name), Buffer.of(dims.length), ...dims.map(uint32), float16, uint32(halves.length), halves];
  });
  return Buffer.concat([
    uint32(6),
    text('WhisperSpec'),
    uint32(3),
    uint32(Object.keys(tensors).length),
    ...entries,
  ]);
}

function uint32(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  return Buffer.concat([Buffer.from(Uint16Array.of(bytes.length).buffer), bytes]);
}
