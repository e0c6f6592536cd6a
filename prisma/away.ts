/** How Prisma, its driver and PostgreSQL say that the database cannot be reached, or not in time. */

/** Prisma's (P…), the sockets', and PostgreSQL's own while it stops and starts. */
const CODES = /^(P1001|P1002|P1008|P1017|P2024|P2028|ECONNREFUSED|ECONNRESET|57P0[123])$/;

/** The driver's, which have no code. */
const MESSAGES = /^(Query read timeout|Connection terminated|timeout exceeded when trying to connect)/;

export function isDatabaseAway(error: unknown): boolean {
  const { code, cause, message } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
    cause?: { kind?: string };
  };
  if (CODES.test(String(code)) || cause?.kind === 'DatabaseNotReachable') return true;
  return error instanceof Error && MESSAGES.test(String(message));
}
