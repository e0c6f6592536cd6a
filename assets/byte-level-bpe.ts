/** Bytes that GPT-2's byte-level vocabulary writes as the Latin-1 character of the same number. */
const isPrintable = (byte: number) =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);

/** The others are written, in order, as the characters from U+0100 on. */
function byteOfCharacter(): ReadonlyMap<string, number> {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const hidden = bytes.filter((byte) => !isPrintable(byte));
  return new Map([
    ...bytes.filter(isPrintable).map((byte) => [String.fromCharCode(byte), byte] as const),
    ...hidden.map((byte, index) => [String.fromCharCode(256 + index), byte] as const),
  ]);
}

const BYTES = byteOfCharacter();
const SPACE = 32;

/** The bytes that a token of a byte-level vocabulary stands for. */
export function tokenBytes(token: string): Buffer {
  return Buffer.from([...token].map((character) => BYTES.get(character) ?? SPACE));
}
