import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UrlFile } from './asset';
import { checkSha256 } from './sha256';

export interface DownloadOptions {
  /** Where unfinished downloads wait to be resumed, by digest. */
  readonly partsDir: string;
  readonly signal?: AbortSignal;
  /** Milliseconds to the first answer; short, because another source may be nearer. */
  readonly connectMs?: number;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly stallMs?: number;
  readonly onBytes?: (received: number, total: number | undefined) => void;
}

/** Connections per call; each must bring the file further, or the call ends. */
const MAX_CONNECTIONS = 5;

/** Downloads and verifies; what a cut connection or an earlier call left is resumed. */
export async function download(file: UrlFile, to: string, options: DownloadOptions): Promise<void> {
  await mkdir(options.partsDir, { recursive: true });
  const part = join(options.partsDir, `${file.sha256}.part`);
  await receiveAll(file.url, part, options);
  try {
    await checkSha256(part, file.sha256, file.url);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, to);
}

async function receiveAll(url: string, part: string, options: DownloadOptions): Promise<void> {
  for (let connection = 1; ; connection += 1) {
    const before = await sizeOf(part);
    try {
      return await receive(url, part, before, options);
    } catch (error) {
      const stuck = (await sizeOf(part)) <= before;
      if (stuck || options.signal?.aborted || connection === MAX_CONNECTIONS) throw error;
    }
  }
}

async function receive(url: string, part: string, have: number, options: DownloadOptions): Promise<void> {
  const { connectMs = 3_000, stallMs = 30_000, onBytes } = options;
  const watchdog = createWatchdog(options.signal);
  try {
    watchdog.expect(connectMs, `${url}: no answer within ${connectMs} ms`);
    const response = await request(url, have, watchdog.signal);
    // The part is whole already: nothing is left to send.
    if (response.status === 416) return;
    const resumed = response.status === 206;
    const total = totalBytes(response, resumed ? have : 0);
    let received = resumed ? have : 0;
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        watchdog.expect(stallMs, `${url}: nothing received for ${stallMs} ms`);
        received += chunk.length;
        onBytes?.(received, total);
        yield chunk;
      }
    };
    const sink = createWriteStream(part, { flags: resumed ? 'a' : 'w' });
    await pipeline(bodyOf(response), count, sink, { signal: watchdog.signal });
  } catch (error) {
    // The abort's reason says more than "The operation was aborted".
    watchdog.signal.throwIfAborted();
    throw error;
  } finally {
    watchdog.stop();
  }
}

async function request(url: string, have: number, signal: AbortSignal): Promise<Response> {
  const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) };
  const response = await fetch(url, { headers, signal }).catch((error: Error) => {
    // fetch() says only "fetch failed"; the network's reason is its cause.
    throw new Error(`${url}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  if (response.ok || (response.status === 416 && have > 0)) return response;
  await response.body?.cancel();
  throw new Error(`${url}: HTTP ${response.status}`);
}

function bodyOf(response: Response): Readable {
  // Node's own web stream and the DOM's differ in type only.
  return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
}

function totalBytes(response: Response, have: number): number | undefined {
  const length = Number(response.headers.get('content-length'));
  return length > 0 ? have + length : undefined;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

/** Aborts when the next sign of life does not come in time, or when `outer` aborts. */
function createWatchdog(outer: AbortSignal | undefined) {
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: outer ? AbortSignal.any([outer, own.signal]) : own.signal,
    expect(ms: number, orElse: string) {
      clearTimeout(timer);
      timer = setTimeout(() => own.abort(new Error(orElse)), ms);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
