import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client';

export type Db = PrismaClient;

/** `max` connections per process; statements give up after 30 s so that a lost server is noticed. */
export function connectDb(databaseUrl: string, { max = 10 } = {}): Db {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      max,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
    }),
  });
}
