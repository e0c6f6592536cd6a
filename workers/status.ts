/** A worker says every 15 s what it offers; planning and health read it from the database. */
import type { Offer } from '../domain/offer';
import type { Db } from '../prisma/client';

const EVERY_MS = 15_000;

export interface StatusReporter {
  /** Says it once more now, for example when a circuit opened. */
  report(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStatus(
  db: Db,
  { id, offers, onError }: { id: string; offers: () => Offer[]; onError: (error: unknown) => void },
): Promise<StatusReporter> {
  const report = async () => {
    const row = { offers: offers(), seen_at: new Date() };
    await db.workers.upsert({ where: { id }, create: { id, ...row }, update: row });
  };
  await report();
  const timer = setInterval(() => void report().catch(onError), EVERY_MS);
  return {
    report,
    stop: async () => {
      clearInterval(timer);
      await db.workers.deleteMany({ where: { id } });
    },
  };
}
