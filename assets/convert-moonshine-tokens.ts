import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes `tokenizer.bin` as text: line number = token id, each token in base64. */
export async function convertMoonshineTokens(folder: string, into: string): Promise<void> {
  const tokens = readTokens(await readFile(join(folder, 'tokenizer.bin')));
  await writeFile(join(folder, into), tokens.map((token) => `${token.toString('base64')}\n`).join(''));
}

/** Each token follows its length: one byte below 128, else two, 7 bits and the multiples of 128. */
export function readTokens(file: Buffer): Buffer[] {
  const tokens: Buffer[] = [];
  let offset = 0;
  const byte = () => file.readUInt8((offset += 1) - 1);
  while (offset < file.length) {
    const first = byte();
    const length = first < 128 ? first : first - 128 + byte() * 128;
    tokens.push(file.subarray(offset, (offset += length)));
  }
  return tokens;
}
