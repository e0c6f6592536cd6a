/** What a user may spend in a month, and has spent. */
import { z } from 'zod';
import { monthOf, toUsd } from '../../domain/cost';
import type { Db } from '../../prisma/client';
import { spentByUser } from '../../prisma/usage';
import { notFound } from '../http/errors';

export const budgetSchema = z.object({
  user_id: z.uuid(),
  /** In US dollars; null: as everybody. */
  month_usd: z.number().nullable(),
  /** What everybody may spend; null: no limit. */
  common_usd: z.number().nullable(),
  /** In this calendar month (UTC), as far as prices are known. */
  spent_usd: z.number(),
  begins_anew_at: z.iso.datetime(),
});

export const newBudgetSchema = z.object({
  month_usd: z.number().min(0).max(1_000_000).nullable().describe('In US dollars; null: as everybody'),
});

export interface BudgetDeps {
  readonly db: Db;
  /** BUDGET_USER_USD. */
  readonly commonUsd: number | null;
}

export async function readBudget({ db, commonUsd: common_usd }: BudgetDeps, user_id: string) {
  const user = await db.users.findUnique({ where: { id: user_id }, select: { budget: true } });
  if (!user) throw notFound('user', { hint: 'Check the id' });
  const { begins, ends } = monthOf(new Date());
  const spent_usd = toUsd(await spentByUser(db, user_id, begins));
  const month_usd = user.budget?.month_usd ?? null;
  return { user_id, month_usd, common_usd, spent_usd, begins_anew_at: ends.toISOString() };
}

export async function setBudget(
  deps: BudgetDeps,
  { user_id, month_usd, actor }: { user_id: string; month_usd: number | null; actor: string },
) {
  await readBudget(deps, user_id);
  const row = { set_by: actor, set_at: new Date() };
  if (month_usd === null) await deps.db.budgets.deleteMany({ where: { user_id } });
  else
    await deps.db.budgets.upsert({
      where: { user_id },
      create: { user_id, month_usd, ...row },
      update: { month_usd, ...row },
    });
  return readBudget(deps, user_id);
}
