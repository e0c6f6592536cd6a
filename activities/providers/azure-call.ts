/**
 * One call of the SDK is one connection: watched from the outside, since the SDK neither tells an HTTP status nor
 * gives up a connection that does not open, and since its recogniser opens new ones on its own, without end when the
 * service goes on closing them: https://github.com/microsoft/cognitive-services-speech-sdk-js/issues/896
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { Recognizer } from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter';
import { PROVIDER } from './azure';
import { closeError, refusal } from './azure-errors';
import { ProviderError } from './error';
import { badAnswer, type Timeouts } from './http';
import { networkError } from './http-errors';

/** A synthesizer or a recogniser. */
export interface SdkObject {
  readonly internalData: object;
  close(done?: () => void, failed?: (error: string) => void): void;
}

export interface Outcome<Answer> {
  readonly done: (answer: Answer) => void;
  readonly failed: (error: ProviderError) => void;
}

interface CallOptions {
  readonly signal: AbortSignal;
  readonly key: string;
  /** `firstByteMs` is to the service's first message. */
  readonly timeouts: Timeouts;
}

/** What `Connection` of the SDK hands on too, but without a close's code and reason. */
interface ConnectionEvent {
  readonly name: string;
  readonly statusCode?: number;
  readonly reason?: string;
  readonly message?: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
}

interface Watched {
  readonly connectionEvents: { attach(listener: (event: ConnectionEvent) => void): unknown };
}

/** An orderly goodbye takes no longer. */
const GOODBYE_MS = 500;

/** Runs the SDK until it, the connection, a deadline or the caller ends it, and leaves nothing open. */
export async function overOneConnection<Sdk extends SdkObject, Answer>(
  { signal, key, timeouts }: CallOptions,
  create: () => Sdk,
  ask: (sdk: Sdk, outcome: Outcome<Answer>) => void,
): Promise<Answer> {
  signal.throwIfAborted();
  watchRequests();
  const { promise, resolve, reject } = withResolvers<Answer>();
  const line = createLine(reject);
  const onAbort = () => line.end(signal.reason);
  const waits = startWaits(timeouts, line.end);
  signal.addEventListener('abort', onAbort);
  // Connections that begin in here, however late, are this call's.
  const sdk = lines.run(line, () => {
    const made = create();
    const events = (made.internalData as Watched).connectionEvents;
    events.attach((event) => hear(event, { line, key, firstCame: waits.firstCame }));
    ask(made, { done: resolve, failed: line.fail });
    return made;
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    waits.stop();
    line.hangUp(sdk);
  }
}

/** As `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<Answer>() {
  let resolve!: (answer: Answer) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Answer>((...functions) => ([resolve, reject] = functions));
  return { promise, resolve, reject };
}

type Line = ReturnType<typeof createLine>;

/** The only connection that a call may open. */
function createLine(onEnd: (error: unknown) => void) {
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

  function hangUp(sdk: SdkObject): void {
    // An upgraded request no longer destroys its socket.
    const cut = () => void request?.destroy().socket?.destroy();
    if (isOver) cut();
    else setTimeout(cut, GOODBYE_MS).unref();
    isOver = true;
    sdk.close(nothing, nothing);
  }

  return { take, because, end, fail, hangUp };
}

const nothing = (): void => undefined;

interface Hearing {
  readonly line: Line;
  readonly key: string;
  readonly firstCame: () => void;
}

function hear(
  { name, statusCode, reason, message }: ConnectionEvent,
  { line, key, firstCame }: Hearing,
): void {
  if (name === 'ConnectionMessageReceivedEvent') {
    firstCame();
    if (!isReadable(message)) line.fail(badAnswer(PROVIDER, 'a message that is none'));
  }
  if (name === 'ConnectionClosedEvent') {
    const error = closeError({ code: statusCode ?? 0, reason: reason ?? '' }, key);
    line.because(error);
    line.fail(error);
  }
}

/** At anything else the SDK stops reading without a word. */
function isReadable(message: ConnectionEvent['message']): boolean {
  const headers = Object.entries(message?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const { 'x-requestid': id, 'content-type': type = '' }: Record<string, string> =
    Object.fromEntries(headers);
  if (!id) return false;
  return !type.includes('json') || typeof message?.body !== 'string' || isJson(message.body);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || '{}');
    return true;
  } catch {
    return false;
  }
}

function startWaits({ firstByteMs, totalMs }: Timeouts, onLate: (error: ProviderError) => void) {
  const after = (ms: number, what: string) =>
    setTimeout(() => {
      const facts = { provider: PROVIDER, code: 'TIMEOUT', transient: true };
      onLate(new ProviderError(`${PROVIDER}: no ${what} within ${ms / 1000} s`, facts));
    }, ms);
  const first = after(firstByteMs, 'answer');
  const total = after(totalMs, 'complete answer');
  return { firstCame: () => clearTimeout(first), stop: () => [first, total].forEach(clearTimeout) };
}

const lines = new AsyncLocalStorage<Line>();
let isWatching = false;

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
