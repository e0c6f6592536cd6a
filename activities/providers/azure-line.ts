/**
 * The only connection that a call may open, watched from the outside: the SDK tells no HTTP status, does not give up a
 * connection that does not open, and its recogniser opens new ones on its own, without end when the service goes on
 * closing them: https://github.com/microsoft/cognitive-services-speech-sdk-js/issues/896
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { Recognizer } from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter';
import { PROVIDER } from './azure';
import { refusal } from './azure-errors';
import type { ProviderError } from './error';
import { networkError } from './http-errors';

/** A synthesizer or a recogniser. */
export interface SdkObject {
  readonly internalData: object;
  close(done?: () => void, failed?: (error: string) => void): void;
}

/** An orderly goodbye takes no longer. */
const GOODBYE_MS = 500;

const nothing = (): void => undefined;

export type Line = ReturnType<typeof createLine>;

export function createLine(onEnd: (error: unknown) => void) {
  let request: ClientRequest | undefined;
  let why: ProviderError | undefined;
  let isOver = false;

  /** What happened to the connection says more than what the SDK makes of it; the first counts. */
  const because = (error: ProviderError): void => void (why ??= error);

  function take(started: ClientRequest): void {
    if (request || isOver) return void started.destroy();
    request = started;
    started.on('response', ({ statusCode = 0, headers }) =>
      because(refusal(statusCode, headers['retry-after'] ?? null)),
    );
    started.on('error', (cause) => because(networkError(PROVIDER, { cause })));
  }

  function end(error: unknown): void {
    isOver = true;
    onEnd(error);
  }

  /** The SDK says that it has failed before it says that the connection has, and both while it reads an answer's end. */
  const fail = (error: ProviderError): void => void setImmediate(() => end(why ?? error));

  function hangUp(sdk: SdkObject | undefined): void {
    // An upgraded request no longer destroys its socket.
    const cut = () => void request?.destroy().socket?.destroy();
    if (isOver) cut();
    else setTimeout(cut, GOODBYE_MS).unref();
    isOver = true;
    sdk?.close(nothing, nothing);
  }

  return { take, because, end, fail, hangUp };
}

const lines = new AsyncLocalStorage<Line>();
let isWatching = false;

/** Connections that begin in here, however late, are this line's. */
export function inLine<Result>(line: Line, run: () => Result): Result {
  watchRequests();
  return lines.run(line, run);
}

/** Once, at the first call. */
function watchRequests(): void {
  if (isWatching) return;
  isWatching = true;
  // Node's own WebSocket, where there is one, has no status and no headers, and cannot be watched.
  WebsocketMessageAdapter.forceNpmWebSocket = true;
  Recognizer.enableTelemetry(false);
  // https://nodejs.org/api/diagnostics_channel.html#http
  subscribe('http.client.request.start', (message) => {
    lines.getStore()?.take((message as { request: ClientRequest }).request);
  });
}
