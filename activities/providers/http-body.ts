/** Reading the bytes of an answer, never more of them than allowed. */
import { ProviderError } from './error';

type Body = AsyncIterable<Uint8Array> | null;

export async function readBounded(provider: string, body: Body, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(provider, body, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Each line without its end, `\n` or `\r\n`, as soon as it is whole; the last one may lack an end. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Keeps the first bytes of a character whose rest is in the next chunk.
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    rest.push(first);
    for (const next of others) {
      yield withoutReturn(rest.join(''));
      rest = [next];
    }
  }
  const last = rest.join('') + decoder.decode();
  if (last !== '') yield withoutReturn(last);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

export async function* bounded(provider: string, body: Body, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limit) {
      const facts = { provider, code: 'ANSWER_TOO_LARGE', transient: false };
      throw new ProviderError(`${provider}: the answer is larger than ${limit} bytes`, facts);
    }
    yield chunk;
  }
}
