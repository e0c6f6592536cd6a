/** One call of the SDK: one connection, its deadlines, the caller's abort, and whatever ends it first. */
import { PROVIDER } from './azure';
import { closeError } from './azure-errors';
import { createLine, inLine, type Line, type SdkObject } from './azure-line';
import { permanent, ProviderError } from './error';
import { badAnswer, type Timeouts } from './http';

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

/** Runs the SDK until it, the connection, a deadline or the caller ends it, and leaves nothing open. */
export async function overOneConnection<Sdk extends SdkObject, Answer>(
  { signal, key, timeouts }: CallOptions,
  create: () => Sdk,
  ask: (sdk: Sdk, outcome: Outcome<Answer>) => void,
): Promise<Answer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = withResolvers<Answer>();
  const line = createLine(reject);
  const onAbort = () => line.end(signal.reason);
  const waits = startWaits(timeouts, line.end);
  signal.addEventListener('abort', onAbort);
  let sdk: Sdk | undefined;
  try {
    sdk = inLine(line, () => {
      const made = accepted(create);
      const events = (made.internalData as Watched).connectionEvents;
      events.attach((event) => hear(event, { line, key, firstCame: waits.firstCame }));
      ask(made, { done: resolve, failed: line.fail });
      return made;
    });
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    waits.stop();
    line.hangUp(sdk);
  }
}

/** The SDK throws at settings such as a key of spaces. */
function accepted<Sdk>(create: () => Sdk): Sdk {
  try {
    return create();
  } catch {
    throw permanent(PROVIDER, {
      ...{ code: 'NOT_CONFIGURED', what: 'the settings are not accepted' },
      hint: 'Check AZURE_SPEECH_KEY, AZURE_SPEECH_REGION and AZURE_SPEECH_ENDPOINT.',
    });
  }
}

/** As `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<Answer>() {
  let resolve!: (answer: Answer) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Answer>((...functions) => ([resolve, reject] = functions));
  return { promise, resolve, reject };
}

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
  const headers = Object.entries(message?.headers ?? {});
  const header = (name: string) => headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
  if (!header('x-requestid')) return false;
  return (
    !header('content-type').includes('json') || typeof message?.body !== 'string' || isJson(message.body)
  );
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
