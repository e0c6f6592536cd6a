/** What goes wrong with a WebSocket from a script, and counts of calls, as `faults.ts` has them for HTTP. */
import { z } from 'zod';
import type { CallCounts } from './faults';

/** Without `times` a fault stays until the script is replaced. */
const times = z.number().int().positive().optional();

/** With an empty line, which the protocol takes for the end of headers. */
const PAGE = 'HTTP/1.1 502 Bad Gateway\r\n\r\n<html>Welcome to the proxy</html>';

const faultSchema = z.discriminatedUnion('kind', [
  /** The request for a connection is answered with this status. */
  z.object({
    ...{ kind: z.literal('status'), times, status: z.number().int() },
    ...{ headers: z.record(z.string(), z.string()).default({}), body: z.unknown().optional() },
  }),
  /** The connection opens, but late. */
  z.object({ kind: z.literal('delay'), times, ms: z.number() }),
  /** The answer's messages are spread over this time. */
  z.object({ kind: z.literal('slow'), times, ms: z.number() }),
  /** Half of the answer's messages, then the connection is cut. */
  z.object({ kind: z.literal('truncate'), times }),
  /** The connection is cut instead of opened. */
  z.object({ kind: z.literal('reset'), times }),
  /** A message that is none, then nothing. */
  z.object({ kind: z.literal('garbage'), times, text: z.string().default(PAGE) }),
  /** Half of the answer's messages, then an orderly close. */
  z.object({ kind: z.literal('close'), times, code: z.number().int(), reason: z.string().default('') }),
  /** The connection opens, and nothing is ever said. */
  z.object({ kind: z.literal('hang'), times }),
  /** Half of the sound is missing from an answer that ends well. */
  z.object({ kind: z.literal('short'), times }),
]);

const scriptSchema = z.record(z.string(), z.array(faultSchema));

export type SocketFault = z.output<typeof faultSchema>;
export type SocketFaultScript = z.input<typeof scriptSchema>;

export function createSocketFaults(paths: readonly string[]) {
  const counts = new Map<string, CallCounts>();
  let script: z.output<typeof scriptSchema> = {};
  return {
    calls: (): Record<string, CallCounts> => structuredClone(Object.fromEntries(counts)),
    /** Takes of a script what is for WebSockets and gives the rest back. */
    replace(next: Readonly<Record<string, unknown>>): Record<string, unknown> {
      const entries = Object.entries(next);
      script = scriptSchema.parse(Object.fromEntries(entries.filter(([path]) => paths.includes(path))));
      return Object.fromEntries(entries.filter(([path]) => !paths.includes(path)));
    },
    /** Counts the call; the counts are the caller's to go on with. */
    next(path: string): { fault: SocketFault | undefined; count: CallCounts } {
      const count = counts.get(path) ?? { received: 0, answered: 0, aborted: 0 };
      counts.set(path, count);
      count.received++;
      const fault = script[path]?.[0];
      if (fault?.times !== undefined && --fault.times === 0) script[path]?.shift();
      return { fault, count };
    },
  };
}
