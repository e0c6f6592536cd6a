import { encodeWav } from './wav';

it('writes a header and clipped 16-bit samples', () => {
  const wav = Buffer.from(encodeWav(Float32Array.of(0, 1, -2), 22_050));
  expect(wav).toHaveLength(44 + 6);
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
  expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
  expect(wav.readUInt16LE(22)).toBe(1);
  expect(wav.readUInt32LE(24)).toBe(22_050);
  expect(wav.readUInt32LE(40)).toBe(6);
  expect([44, 46, 48].map((offset) => wav.readInt16LE(offset))).toEqual([0, 32_767, -32_767]);
});
