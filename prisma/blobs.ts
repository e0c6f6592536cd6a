/** Blobs are shared by the rows of all owners: one may go when no row names it any more. */
import type { Db } from './client';
import type { Prisma } from './generated/client';

type Transaction = Prisma.TransactionClient;

/** In order, so that two transactions never wait for each other; released when the transaction ends. */
const lock = (tx: Transaction, names: readonly string[]) =>
  tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(name, 0))::text
               FROM (SELECT unnest(${[...names].sort()}::text[]) AS name) AS named`;

async function unusedOf(tx: Transaction, names: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT name FROM unnest(${[...names]}::text[]) AS name
    WHERE NOT EXISTS (SELECT FROM content WHERE blob = name)
      AND NOT EXISTS (SELECT FROM artifacts WHERE blob = name OR metadata->>'passages' = name)
      AND NOT EXISTS (SELECT FROM transcriptions WHERE blob = name)
      AND NOT EXISTS (SELECT FROM step_results WHERE blob = name)`;
  return rows.map(({ name }) => name);
}

/** Time for a store over the network. */
const REMOVE_MS = 30_000;

type Remove = (name: string) => Promise<void>;

/** The same within a transaction: rows that it has deleted count no more. */
export async function removeUnusedWithin(
  tx: Transaction,
  names: readonly string[],
  remove: Remove,
): Promise<void> {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return;
  await lock(tx, distinct);
  await Promise.all((await unusedOf(tx, distinct)).map(remove));
}

/** Removes those blobs to which no row refers. Nobody who holds `withBlob` loses what he holds. */
export async function removeUnusedBlobs(db: Db, names: readonly string[], remove: Remove): Promise<void> {
  if (names.length === 0) return;
  await db.$transaction((tx) => removeUnusedWithin(tx, names, remove), { timeout: REMOVE_MS });
}

/** Writes rows that refer to a blob while nobody may remove it. */
export const withBlob = <Result>(
  db: Db,
  name: string,
  write: (tx: Transaction) => Promise<Result>,
): Promise<Result> =>
  db.$transaction(async (tx) => {
    await lock(tx, [name]);
    return write(tx);
  });
