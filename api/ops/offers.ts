/** What the workers say they have, as they wrote it down. */
import { offerSchema, type Offer } from '../../domain/offer';
import type { Db } from '../../prisma/client';

/** A worker writes every 15 s; one that missed two is gone. */
const FRESH_MS = 45_000;

export interface LiveOffers {
  /** Processes that said something in the last 45 s. */
  readonly workers: number;
  /** All of theirs: the same provider once per process. */
  readonly offers: readonly Offer[];
}

export async function liveOffers(db: Db): Promise<LiveOffers> {
  const rows = await db.workers.findMany({
    where: { seen_at: { gte: new Date(Date.now() - FRESH_MS) } },
    orderBy: { id: 'asc' },
  });
  return { workers: rows.length, offers: rows.flatMap((row) => offerSchema.array().parse(row.offers)) };
}

const REMEMBER_MS = 5_000;

/** The offers for whoever starts jobs: as they were at most five seconds ago. */
export function rememberOffers(db: Db): () => Promise<readonly Offer[]> {
  let known: { readonly offers: readonly Offer[]; readonly at: number } | undefined;
  return async () => {
    if (known && Date.now() - known.at < REMEMBER_MS) return known.offers;
    const { offers } = await liveOffers(db);
    known = { offers, at: Date.now() };
    return offers;
  };
}

export const keyOf = ({ capability, provider }: Pick<Offer, 'capability' | 'provider'>): string =>
  `${capability}/${provider}`;

/** What any worker has counts, whatever another lacks. */
export function bestOffers(offers: readonly Offer[]): Offer[] {
  const engines = new Map<string, Offer>();
  for (const offer of offers) {
    const best = engines.get(keyOf(offer));
    if (!best || (offer.available && !best.available)) engines.set(keyOf(offer), offer);
  }
  return [...engines.values()];
}
