/** Scripted faults and call counts for servers that stand in for a vendor. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Without `times` a fault stays until the script is replaced. */
const times = z.number().int().positive().optional();

const faultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    times,
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  /** Answers correctly, but late. */
  z.object({ kind: z.literal('delay'), times, ms: z.number() }),
  /** The correct answer in pieces, spread over this time. */
  z.object({ kind: z.literal('slow'), times, ms: z.number() }),
  /** Half of the correct answer, then the connection is cut. */
  z.object({ kind: z.literal('truncate'), times }),
  /** The connection is cut before any byte. */
  z.object({ kind: z.literal('reset'), times }),
  /** Nothing is ever said; the connection stays. */
  z.object({ kind: z.literal('hang'), times }),
  /** Status 200 with a page that is no answer. */
  z.object({ kind: z.literal('garbage'), times }),
]);

/** Faults by path, used up in order; a path without a fault answers correctly. */
const scriptSchema = z.record(z.string(), z.array(faultSchema));

export type Fault = z.output<typeof faultSchema>;
export type FaultScript = z.input<typeof scriptSchema>;

export interface CallCounts {
  received: number;
  /** Correct answers sent to the end: what a vendor would bill. */
  answered: number;
  /** The caller hung up first. */
  aborted: number;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  const counts: Record<string, CallCounts> = {};
  let script: z.output<typeof scriptSchema> = {};

  function takeFault(path: string): Fault | undefined {
    const fault = script[path]?.[0];
    if (fault?.times !== undefined && --fault.times === 0) script[path]?.shift();
    return fault;
  }

  return {
    calls: (): Record<string, CallCounts> => structuredClone(counts),
    /** Takes a `FaultScript`, checked because it may come over HTTP. */
    replace(next: unknown): void {
      script = scriptSchema.parse(next);
    },
    /** Counts the call and says what goes wrong with it. */
    next(path: string, response: ServerResponse): Fault | undefined {
      const count = (counts[path] ??= { received: 0, answered: 0, aborted: 0 });
      const fault = takeFault(path);
      count.received++;
      response.on('close', () => {
        if (!response.writableFinished) count.aborted += isCut(fault) ? 0 : 1;
        else if (response.statusCode === 200 && fault?.kind !== 'garbage') count.answered++;
      });
      return fault;
    },
  };
}

function isCut(fault: Fault | undefined): boolean {
  return fault?.kind === 'reset' || fault?.kind === 'truncate';
}

export async function sendWith(
  fault: Fault | undefined,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  switch (fault?.kind) {
    case 'status':
      return send(response, { ...fault, body: bytesOf(fault.body) });
    case 'delay':
      await sleep(fault.ms);
      return send(response, answer);
    case 'slow':
      return trickle(response, answer, fault.ms);
    case 'truncate':
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
      response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'garbage':
      return send(response, { ...answer, body: Buffer.from('<html>Welcome to the proxy</html>') });
    default:
      return send(response, answer);
  }
}

function bytesOf(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}

const PIECES = 20;

async function trickle(response: ServerResponse, { status, headers, body }: Answer, ms: number) {
  response.writeHead(status, headers);
  const size = Math.ceil(body.length / PIECES);
  for (let from = 0; from < body.length && !response.destroyed; from += size) {
    response.write(body.subarray(from, from + size));
    await sleep(ms / PIECES);
  }
  response.end();
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
