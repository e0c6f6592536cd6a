const NORMAL_FROM = 2 ** -14;

const HALVES = Float32Array.from({ length: 2 ** 16 }, (_none, bits) => valueOf(bits));

/** IEEE 754 binary16 → number; infinities and NaN do not occur in weights. */
export const halfToNumber = (bits: number): number => HALVES[bits]!;

function valueOf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest binary16 of a number from 0 to 65504. */
export function numberToHalf(value: number): number {
  if (value < NORMAL_FROM) return Math.round(value * 2 ** 24);
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

/** Little-endian 16-bit floats → little-endian 32-bit floats. */
export function widenHalves(halves: Buffer): Buffer {
  const wide = Buffer.alloc(halves.length * 2);
  for (let offset = 0; offset < halves.length; offset += 2) {
    wide.writeFloatLE(halfToNumber(halves.readUInt16LE(offset)), offset * 2);
  }
  return wide;
}
