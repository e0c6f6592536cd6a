import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client';

export type Db = PrismaClient;

interface Limits {
  /** Connections per process. */
  readonly max?: number;
  /** Milliseconds for one statement, at the server and, where that has fallen silent, here. */
  readonly statementMs?: number;
}

export function connectDb(databaseUrl: string, { max = 10, statementMs = 30_000 }: Limits = {}): Db {
  return new PrismaClient({
    // Else its messages hold the values of a query, and messages are logged.
    errorFormat: 'minimal',
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      max,
      connectionTimeoutMillis: 4_000,
      statement_timeout: statementMs,
      query_timeout: statementMs,
    }),
  });
}
