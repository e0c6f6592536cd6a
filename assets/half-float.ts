/** IEEE 754 binary16 → number; infinities and NaN do not occur in weights. */
export function halfToNumber(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Little-endian 16-bit floats → little-endian 32-bit floats. */
export function widenHalves(halves: Buffer): Buffer {
  const wide = Buffer.alloc(halves.length * 2);
  for (let offset = 0; offset < halves.length; offset += 2) {
    wide.writeFloatLE(halfToNumber(halves.readUInt16LE(offset)), offset * 2);
  }
  return wide;
}
