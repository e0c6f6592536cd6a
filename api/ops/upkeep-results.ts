/** Results in the step cache that name bytes which are gone: they would be made anew, and until then lie about. */
import { blobsNamedIn } from '../../domain/step-result';
import { removeUnusedBlobs } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';

/** Rows that one look takes; the next one goes on behind them. */
const PAGE = 100;
/** A younger one may be in use by the job that made it, which will notice by itself. */
const REST_MS = 24 * 3_600_000;

interface Deps {
  readonly db: Db;
  readonly blobs: Blobs;
}

interface Row {
  readonly key: string;
  readonly blob: string | null;
}

const findRows = (db: Db, after: string | undefined): Promise<Row[]> =>
  db.step_results.findMany({
    where: {
      ...{ blob: { not: null }, created_at: { lt: new Date(Date.now() - REST_MS) } },
      ...(after !== undefined && { key: { gt: after } }),
    },
    select: { key: true, blob: true },
    orderBy: { key: 'asc' },
    take: PAGE,
  });

/** What cannot be read as JSON is as good as gone. */
function namesIn(json: string): string[] | undefined {
  try {
    return blobsNamedIn(JSON.parse(json) as object);
  } catch {
    return undefined;
  }
}

async function isWhole(blobs: Blobs, blob: string): Promise<boolean> {
  if ((await blobs.size(blob)) === undefined) return false;
  const names = namesIn((await blobs.read(blob)).toString('utf8'));
  if (!names) return false;
  const sizes = await Promise.all(names.map((name) => blobs.size(name)));
  return !sizes.includes(undefined);
}

/** Each call looks at the next page, round and round, and says how many it removed. */
export function createStaleResults({ db, blobs }: Deps): () => Promise<number> {
  let after: string | undefined;
  return async () => {
    const rows = await findRows(db, after);
    after = rows.length === PAGE ? rows.at(-1)?.key : undefined;
    const gone: string[] = [];
    for (const { key, blob } of rows) {
      if (blob === null || (await isWhole(blobs, blob))) continue;
      // Not if it has been made anew in this moment.
      const { count } = await db.step_results.deleteMany({ where: { key, blob } });
      if (count > 0) gone.push(blob);
    }
    await removeUnusedBlobs(db, gone, blobs.remove);
    return gone.length;
  };
}
