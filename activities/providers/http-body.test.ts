import { linesOf } from './http-body';
import { startDeadline } from './http-deadline';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const TEXT = 'eins\r\nzwölf Boxkämpfer\n\n😀 日本語\nlast';
const LINES = ['eins', 'zwölf Boxkämpfer', '', '😀 日本語', 'last'];

test('gives the same lines however they are cut, also within a character', async () => {
  const bytes = Buffer.from(TEXT);
  for (let size = 1; size <= bytes.length; size++)
    expect(await collect(linesOf(chunksOf(bytes, size)))).toEqual(LINES);
  expect(await collect(linesOf(chunksOf(Buffer.from(`${TEXT}\n`), 3)))).toEqual(LINES);
  expect(await collect(linesOf(chunksOf(Buffer.alloc(0), 1)))).toEqual([]);
});

test('gives a line as soon as it is whole', async () => {
  async function* endless() {
    yield Buffer.from('one\ntw');
    await new Promise(() => undefined);
  }
  expect((await linesOf(endless()).next()).value).toBe('one');
});

test('takes a line of a megabyte in small pieces', async () => {
  const line = 'x'.repeat(1_000_000);
  expect(await collect(linesOf(chunksOf(Buffer.from(`${line}\n`), 1_000)))).toEqual([line]);
});

describe('the deadline of a stream', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const timeouts = { firstByteMs: 1_000, totalMs: 60_000, betweenMs: 100 };

  const reasonOf = ({ aborted, reason }: AbortSignal) => (aborted ? (reason as Error).message : undefined);

  test('waits longer for the first piece than between two', async () => {
    const { signal, arrived, watched, stop } = startDeadline('vendor', timeouts);
    arrived();
    let give: (piece: number) => void = () => undefined;
    async function* pieces() {
      for (;;) yield await new Promise<number>((resolve) => (give = resolve));
    }
    const reader = watched(pieces());
    const first = reader.next();
    await jest.advanceTimersByTimeAsync(999);
    expect(reasonOf(signal)).toBeUndefined();
    give(1);
    await first;
    // The reader's own time does not count.
    await jest.advanceTimersByTimeAsync(5_000);
    expect(reasonOf(signal)).toBeUndefined();
    void reader.next();
    await jest.advanceTimersByTimeAsync(100);
    expect(reasonOf(signal)).toBe('vendor: no further piece of the answer within 0.1 s');
    stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends a stream that never stops', async () => {
    const { signal, watched, stop } = startDeadline('vendor', { ...timeouts, totalMs: 1_000 });
    async function* pieces() {
      for (;;) yield await new Promise<number>((resolve) => setTimeout(resolve, 50, 1));
    }
    const reading = (async () => {
      const reader = watched(pieces());
      while (!signal.aborted) await reader.next();
    })();
    await jest.advanceTimersByTimeAsync(1_100);
    await reading;
    expect(reasonOf(signal)).toBe('vendor: no complete answer within 1 s');
    stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
