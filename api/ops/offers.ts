/** What the workers say they have, as they wrote it down. */
import { readOffers, type Offer } from '../../domain/offer';
import type { Db } from '../../prisma/client';
import { liveWorkers } from '../../prisma/workers';

export interface LiveOffers {
  /** Processes that said something in the last 45 s. */
  readonly workers: number;
  /** All of theirs: the same provider once per process. */
  readonly offers: readonly Offer[];
}

export async function liveOffers(db: Db): Promise<LiveOffers> {
  const rows = await liveWorkers(db);
  return { workers: rows.length, offers: rows.flatMap(readOffers) };
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
