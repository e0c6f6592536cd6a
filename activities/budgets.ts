/** What may still be spent: by a job, and by its owner in this month. */
import { monthOf, toUsd } from '../domain/cost';
import { isFree } from '../domain/prices';
import type { Db } from '../prisma/client';
import { spentByJob, spentByUser } from '../prisma/usage';

/** Dollars; absent: no limit. A user's own budget counts before the common one. */
export interface BudgetLimits {
  readonly job_usd?: number;
  readonly user_usd?: number;
}

export interface Refusal {
  readonly reason: string;
  readonly cure: string;
}

export interface Budgets {
  /** Why a provider may not be asked for this job now; undefined where it may, or asks no money. */
  refusal(job_id: string, provider: string): Promise<Refusal | undefined>;
}

const dollars = (usd: number): string => `${usd.toFixed(2)} US dollars`;

export function createBudgets({ db, limits }: { db: Db; limits: BudgetLimits }): Budgets {
  const ofJob = async (job_id: string): Promise<Refusal | undefined> => {
    const { job_usd } = limits;
    if (job_usd === undefined || toUsd(await spentByJob(db, job_id)) < job_usd) return undefined;
    return {
      reason: `the job's budget of ${dollars(job_usd)} is used up`,
      cure: 'Raise BUDGET_JOB_USD, or put a provider that costs nothing into the list',
    };
  };

  const ofUser = async (job_id: string): Promise<Refusal | undefined> => {
    const owner = { select: { id: true, budget: true } };
    const job = await db.jobs.findUnique({ where: { id: job_id }, select: { owner } });
    const most = job?.owner.budget?.month_usd ?? limits.user_usd;
    if (!job || most === undefined) return undefined;
    const { begins, ends } = monthOf(new Date());
    if (toUsd(await spentByUser(db, job.owner.id, begins)) < most) return undefined;
    return {
      reason: `this month's budget of ${dollars(most)} is used up`,
      cure: `It begins anew on ${ends.toISOString().slice(0, 10)}; an admin can raise it before`,
    };
  };

  return {
    refusal: async (job_id, provider) =>
      isFree(provider) ? undefined : ((await ofJob(job_id)) ?? (await ofUser(job_id))),
  };
}

export const noBudgets: Budgets = { refusal: async () => undefined };
