import { z } from 'zod';
import { monthOf, toUsd } from '../../domain/cost';
import { usedByProvider } from '../../prisma/usage';
import { endpoint, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { userOf } from '../http/principal';
import { budgetSchema, readBudget, type BudgetDeps } from '../ops/budgets';

const usageSchema = budgetSchema.omit({ user_id: true }).extend({
  /** In this calendar month (UTC). */
  uses: z.array(
    z.object({
      capability: z.string(),
      provider: z.string(),
      calls: z.number().int(),
      failed: z.number().int(),
      /** As far as prices are known. */
      usd: z.number(),
    }),
  ),
});

export const usageRoutes = (deps: BudgetDeps): Routes => ({
  '/': {
    get: endpoint({
      summary: 'What your jobs have used this month, and what you may still spend',
      rule: ['usage', 'read'],
      answers: { 200: { description: 'This calendar month (UTC)', data: usageSchema }, ...UNCHANGED },
      async handle({ res }) {
        const owner_id = userOf(res);
        const { user_id: _self, ...budget } = await readBudget(deps, owner_id);
        const used = await usedByProvider(deps.db, { owner_id, since: monthOf(new Date()).begins });
        const uses = used.map(({ micro_usd, ...use }) => ({ ...use, usd: toUsd(micro_usd) }));
        ok(res, { ...budget, uses });
      },
    }),
  },
});
