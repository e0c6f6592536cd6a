/** Calls of the AWS SDK that end in time, and whose outcome is a value, a `ProviderError`, or the signal's reason. */
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bedrockError, bedrockStreamError } from './bedrock-errors';
import { startDeadline, type Timeouts } from './http-deadline';

export const PROVIDER = 'bedrock';

export interface BedrockSettings {
  readonly region: string;
  /** A model's or an inference profile's id, for example `anthropic.claude-3-5-sonnet-20240620-v1:0`. */
  readonly model: string;
  /** Another address of the service, for example a VPC's. */
  readonly endpoint?: string;
  readonly timeouts?: BedrockTimeouts;
}

export interface BedrockTimeouts extends Timeouts {
  readonly connectMs?: number;
}

/** Without streaming the first byte comes when the whole answer is written. */
const TIMEOUTS: BedrockTimeouts = { firstByteMs: 180_000, totalMs: 240_000 };
const CONNECT_MS = 5_000;

type Ask<Answer> = (client: BedrockRuntimeClient, abortSignal: AbortSignal) => Promise<Answer>;

export interface Bedrock {
  ask<Answer>(signal: AbortSignal, ask: Ask<Answer>): Promise<Answer>;
  /** The events of a streamed answer as they come; leaving the loop early hangs up. */
  events<Event>(signal: AbortSignal, ask: Ask<{ stream?: AsyncIterable<Event> }>): AsyncGenerator<Event>;
}

export function connect(settings: BedrockSettings): Bedrock {
  const { timeouts = TIMEOUTS } = settings;
  const client = clientFor(settings, timeouts);

  /** What a call may be ended by, and how its end is told. */
  function begin(signal: AbortSignal) {
    signal.throwIfAborted();
    const deadline = startDeadline(PROVIDER, timeouts);
    // The SDK itself waits for the first byte.
    deadline.arrived();
    const hungUp = new AbortController();
    const abortSignal = AbortSignal.any([signal, deadline.signal, hungUp.signal]);
    return {
      deadline,
      hangUp: () => hungUp.abort(),
      /** The SDK does not listen while it looks for credentials. */
      send: <Answer>(ask: Ask<Answer>) => Promise.race([ask(client, abortSignal), abortOf(abortSignal)]),
      /** The SDK says "aborted" to every abort; who caused it knows better. */
      outcomeOf(error: unknown, reading = bedrockError): unknown {
        if (signal.aborted) return signal.reason;
        return deadline.signal.aborted ? deadline.signal.reason : reading(error);
      },
    };
  }

  return {
    async ask(signal, ask) {
      const { deadline, send, outcomeOf } = begin(signal);
      try {
        return await send(ask);
      } catch (error) {
        throw outcomeOf(error);
      } finally {
        deadline.stop();
      }
    },
    async *events(signal, ask) {
      const { deadline, send, outcomeOf, hangUp } = begin(signal);
      let reading = bedrockError;
      let isWhole = false;
      try {
        const { stream = none() } = await send(ask);
        reading = bedrockStreamError;
        for await (const event of deadline.watched(stream)) {
          // Many may have come at once.
          signal.throwIfAborted();
          yield event;
        }
        isWhole = true;
      } catch (error) {
        throw outcomeOf(error, reading);
      } finally {
        deadline.stop();
        // The SDK's iterator leaves the connection open; a whole answer's is kept for the next call.
        if (!isWhole) hangUp();
      }
    },
  };
}

const abortOf = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

async function* none(): AsyncGenerator<never> {}

/** Keys, roles and profiles are found as by every AWS program. */
function clientFor(
  { region, endpoint }: BedrockSettings,
  { connectMs = CONNECT_MS, firstByteMs }: BedrockTimeouts,
): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    ...{ region, endpoint },
    // Nothing retries but Temporal.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectMs,
      requestTimeout: firstByteMs,
      throwOnRequestTimeout: true,
    }),
  });
}
