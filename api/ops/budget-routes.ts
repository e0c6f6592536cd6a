import { endpoint, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { budgetSchema, newBudgetSchema, readBudget, setBudget, type BudgetDeps } from './budgets';

export const budgetRoutes = (deps: BudgetDeps): Routes => ({
  '/budgets/:id': {
    get: endpoint({
      summary: 'What a user may spend this month, and has spent',
      rule: ['budget', 'read'],
      refuses: [404],
      answers: { 200: { description: 'The budget', data: budgetSchema }, ...UNCHANGED },
      async handle({ req, res }) {
        ok(res, await readBudget(deps, idOf(req, 'user')));
      },
    }),
    patch: endpoint({
      summary: 'Set what a user may spend in a month',
      rule: ['budget', 'set'],
      body: newBudgetSchema,
      refuses: [404],
      answers: { 200: { description: 'The budget', data: budgetSchema } },
      async handle({ req, res, body: { month_usd } }) {
        ok(res, await setBudget(deps, { user_id: idOf(req, 'user'), month_usd, actor: userOf(res) }));
      },
    }),
  },
});
