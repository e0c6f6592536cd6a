import { randomUUID } from 'node:crypto';
import { newJob } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { createBudgets, type BudgetLimits } from './budgets';

let world: World;
let job_id: string;
beforeEach(async () => {
  world = await createWorld();
  job_id = await newJob(world);
});
afterEach(() => world.close());

const spend = (usd: number, over: object = {}) =>
  world.db.provider_usage.create({
    data: {
      ...{ id: randomUUID(), owner_id: world.owner_id, job_id, step: 'speak', capability: 'speaker' },
      ...{ provider: 'azure', model: 'neural', calls: 1, failed: 0, micro_usd: usd * 1_000_000 },
      ...over,
    },
  });

const refusal = (limits: BudgetLimits, provider = 'azure') =>
  createBudgets({ db: world.db, limits }).refusal(job_id, provider);

test('without a limit everything may be spent', async () => {
  await spend(1_000);
  expect(await refusal({})).toBeUndefined();
});

test('a job may spend up to its limit, whatever other jobs have spent', async () => {
  await spend(5, { job_id: randomUUID() });
  await spend(0.99);
  expect(await refusal({ job_usd: 1 })).toBeUndefined();
  await spend(0.01);
  expect(await refusal({ job_usd: 1 })).toEqual({
    reason: "the job's budget of 1.00 US dollars is used up",
    cure: 'Raise BUDGET_JOB_USD, or put a provider that costs nothing into the list',
  });
});

test('a user may spend up to the limit of the month, over all jobs', async () => {
  await spend(3, { job_id: randomUUID() });
  await spend(50, { at: new Date('2020-05-05') });
  await spend(50, { owner_id: null });
  expect(await refusal({ user_usd: 3.5 })).toBeUndefined();
  expect((await refusal({ user_usd: 3 }))?.reason).toBe("this month's budget of 3.00 US dollars is used up");
});

test('the user’s own budget counts before the common one, also where it is nothing', async () => {
  await spend(3);
  const row = { user_id: world.owner_id, month_usd: 10 };
  await world.db.budgets.create({ data: row });
  expect(await refusal({ user_usd: 1 })).toBeUndefined();
  await world.db.budgets.update({ where: { user_id: world.owner_id }, data: { month_usd: 0 } });
  expect((await refusal({}))?.reason).toBe("this month's budget of 0.00 US dollars is used up");
});

test('what costs nothing is never refused', async () => {
  await spend(3);
  expect(await refusal({ job_usd: 0, user_usd: 0 }, 'whisper')).toBeUndefined();
});
