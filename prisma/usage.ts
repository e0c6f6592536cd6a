/** What providers were used for, what it cost, and what may still be spent. */
import type { Units, Used } from '../domain/cost';
import type { Db } from './client';

/** What one attempt of a step used of one provider. */
export interface Usage {
  /** The same for the same attempt, so that writing twice is writing once. */
  readonly id: string;
  readonly job_id: string;
  readonly step: string;
  readonly capability: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly units: Units;
  /** Null where nobody knows a price. */
  readonly micro_usd: number | null;
}

type Sums = Required<Units> & { calls: number; failed: number };

/** The owner is the job's; a job that is gone leaves a row of nobody. */
export async function writeUsage(db: Db, usage: Usage): Promise<void> {
  const { units, job_id, ...facts } = usage;
  const job = await db.jobs.findUnique({ where: { id: job_id }, select: { owner_id: true } });
  const row = { ...facts, ...units, job_id, owner_id: job?.owner_id ?? null };
  await db.provider_usage.createMany({ data: [row], skipDuplicates: true });
}

/** What a job has used so far, by provider and model; sums of millionths of a dollar. */
export async function usedByJob(db: Db, job_id: string): Promise<Used[]> {
  const groups = await db.provider_usage.groupBy({
    by: ['capability', 'provider', 'model'],
    where: { job_id },
    _sum: {
      ...{ calls: true, failed: true, micro_usd: true, input_tokens: true, output_tokens: true },
      ...{ characters: true, seconds: true, images: true },
    },
    _count: { _all: true, micro_usd: true },
    orderBy: [{ capability: 'asc' }, { provider: 'asc' }, { model: 'asc' }],
  });
  return groups.map(({ capability, provider, model, _sum: { micro_usd, ...sums }, _count: count }) => ({
    ...{ capability, provider, model },
    ...(Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Number(sum ?? 0)])) as Sums),
    micro_usd: count._all === count.micro_usd ? Number(micro_usd) : null,
  }));
}

/** Millionths of a dollar, as far as prices are known. */
const spent = async (db: Db, where: object): Promise<number> => {
  const { _sum } = await db.provider_usage.aggregate({ where, _sum: { micro_usd: true } });
  return Number(_sum.micro_usd ?? 0);
};

export const spentByJob = (db: Db, job_id: string): Promise<number> => spent(db, { job_id });

export const spentByUser = (db: Db, owner_id: string, since: Date): Promise<number> =>
  spent(db, { owner_id, at: { gte: since } });

/** What a user, or all together, have used of each provider since a moment. */
export async function usedByProvider(db: Db, { owner_id, since }: { owner_id?: string; since: Date }) {
  const groups = await db.provider_usage.groupBy({
    by: ['capability', 'provider'],
    where: { owner_id, at: { gte: since } },
    _sum: { calls: true, failed: true, micro_usd: true },
    orderBy: [{ capability: 'asc' }, { provider: 'asc' }],
  });
  return groups.map(({ capability, provider, _sum: { calls, failed, micro_usd } }) => ({
    ...{ capability, provider, calls: calls ?? 0, failed: failed ?? 0, micro_usd: Number(micro_usd ?? 0) },
  }));
}
