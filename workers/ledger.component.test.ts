/** What an attempt used is written once, however it ends, and waits for a database that is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderCall } from '../activities/providers/registry';
import { newJob } from '../testing/rows';
import { createWorld, type World } from '../testing/world';
import { createLedger, type Attempt } from './ledger';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const call = (over: Partial<ProviderCall> = {}): ProviderCall => ({
  ...{ capability: 'language_model', provider: 'bedrock', model: 'claude-3-haiku' },
  ...{ units: { input_tokens: 1_000, output_tokens: 100 }, error: null, seconds: 0.5 },
  ...over,
});

const attempt = (job_id: string, id = `${job_id}/run/activity/1`): Attempt => ({ job_id, step: 'speak', id });
const rowsOf = (job_id: string) =>
  world.db.provider_usage.findMany({ where: { job_id }, orderBy: { model: 'asc' } });

const ledgerWith = (errors: unknown[] = [], db = world.db) =>
  createLedger({ db, onError: (error) => errors.push(error) });

/** The database, which is away until it comes back. */
function absentDb() {
  let isAway = true;
  const away = new Proxy(world.db, {
    get: (target, key) => {
      if (isAway && key === 'jobs') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      return Reflect.get(target, key) as unknown;
    },
  });
  return { away, comeBack: () => void (isAway = false) };
}

test('one row for each model, with the sums, the price of today and the job’s owner', async () => {
  const job_id = await newJob(world);
  const ledger = ledgerWith();
  const result = await ledger.keep(attempt(job_id), async () => {
    ledger.note(call());
    await sleep(1);
    ledger.note(call({ error: 'TRUNCATED', units: { input_tokens: 500 } }));
    ledger.note(call({ model: 'of-my-own', units: { input_tokens: 7 } }));
    return 'done';
  });
  expect(result).toBe('done');
  expect(await rowsOf(job_id)).toMatchObject([
    {
      ...{ model: 'claude-3-haiku', calls: 2, failed: 1, input_tokens: 1_500n, output_tokens: 100n },
      ...{ owner_id: world.owner_id, step: 'speak', micro_usd: 500n },
    },
    { model: 'of-my-own', calls: 1, failed: 0, input_tokens: 7n, micro_usd: null },
  ]);
});

test('a failed attempt has used what it used; attempts side by side do not mix', async () => {
  const [one, other] = [await newJob(world), await newJob(world)];
  const ledger = ledgerWith();
  const failing = ledger.keep(attempt(one), async () => {
    await sleep(20);
    ledger.note(call());
    throw new Error('afterwards');
  });
  const going = ledger.keep(attempt(other, 'other'), async () => {
    ledger.note(call());
    await sleep(40);
    ledger.note(call());
  });
  await expect(failing).rejects.toThrow('afterwards');
  await going;
  expect((await rowsOf(one)).map(({ calls }) => calls)).toEqual([1]);
  expect((await rowsOf(other)).map(({ calls }) => calls)).toEqual([2]);
});

test('nothing is written of an attempt that asked nobody, nor of a call outside of any', async () => {
  const job_id = await newJob(world);
  const ledger = ledgerWith();
  ledger.note(call());
  await ledger.keep(attempt(job_id), async () => undefined);
  expect(await rowsOf(job_id)).toEqual([]);
});

test('while the database is away, work goes on and its usage is written later, once', async () => {
  const job_id = await newJob(world);
  const { away, comeBack } = absentDb();
  const errors: unknown[] = [];
  const ledger = ledgerWith(errors, away);
  await ledger.keep(attempt(job_id, 'a'), async () => ledger.note(call()));
  expect([errors.length, await rowsOf(job_id)]).toEqual([1, []]);
  comeBack();
  await ledger.keep(attempt(job_id, 'b'), async () => ledger.note(call()));
  await ledger.keep(attempt(job_id, 'b'), async () => ledger.note(call()));
  expect(await rowsOf(job_id)).toHaveLength(2);
});

test('what cannot be written at all is told about, and stands before nobody', async () => {
  const job_id = await newJob(world);
  const errors: unknown[] = [];
  const ledger = ledgerWith(errors);
  const infinite = call({ units: { seconds: Infinity, input_tokens: 1e30 } });
  await ledger.keep(attempt(job_id, 'bad'), async () => ledger.note(infinite));
  await ledger.keep(attempt(job_id, 'good'), async () => ledger.note(call({ units: { input_tokens: 1.5 } })));
  expect([errors.length, (await rowsOf(job_id)).map(({ input_tokens }) => input_tokens)]).toEqual([1, [2n]]);
});

test('what is left is written when the worker ends', async () => {
  const job_id = await newJob(world);
  const { away, comeBack } = absentDb();
  const ledger = ledgerWith([], away);
  await ledger.keep(attempt(job_id), async () => ledger.note(call()));
  comeBack();
  await ledger.flush();
  expect(await rowsOf(job_id)).toHaveLength(1);
});
