/** How long a vendor may take: for the first byte, between pieces, and in all. */
import { ProviderError } from './error';

export interface Timeouts {
  /** From the start, connecting included, to the answer's headers. Node itself gives up after 300 s. */
  readonly firstByteMs: number;
  /** From the start to the answer's last byte. */
  readonly totalMs: number;
  /** Between two pieces of a streamed answer; the first one has `firstByteMs` again, for models that think. */
  readonly betweenMs?: number;
}

/** Tokens come many times a second; a queue or a long thought may hold them up. */
const BETWEEN_MS = 60_000;

export type Deadline = ReturnType<typeof startDeadline>;

/** Aborts its signal, with the error that says what did not come in time. */
export function startDeadline(provider: string, { firstByteMs, totalMs, betweenMs = BETWEEN_MS }: Timeouts) {
  const controller = new AbortController();
  const abortAfter = (ms: number, what: string) =>
    setTimeout(() => {
      const facts = { provider, code: 'TIMEOUT', transient: true };
      controller.abort(new ProviderError(`${provider}: no ${what} within ${ms / 1000} s`, facts));
    }, ms);
  const total = abortAfter(totalMs, 'complete answer');
  let wait = abortAfter(firstByteMs, 'answer');
  const arrived = () => clearTimeout(wait);

  /** The same pieces, none of them awaited for too long; the time that the reader takes does not count. */
  async function* watched<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    wait = abortAfter(firstByteMs, 'answer');
    for await (const piece of pieces) {
      arrived();
      yield piece;
      wait = abortAfter(betweenMs, 'further piece of the answer');
    }
  }

  return { signal: controller.signal, arrived, watched, stop: () => [wait, total].forEach(clearTimeout) };
}
