/** What operators see of providers, and what they set for them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BLANK_OFFER, type Offer } from '../../domain/offer';
import { mountApi, type WorldApi } from '../../testing/api';
import { media } from '../../testing/samples';
import { ended, type TestJob } from '../../testing/stack';
import { startTestWorker, type TestWorker } from '../../testing/worker';
import { createWorld, type World } from '../../testing/world';
import { providerQueue } from '../../workflows/queues';
import type { ProviderView } from './providers';
import { restoreRates } from './queue-rates';

let world: World;
let api: WorldApi;
let admin_id: string;
beforeAll(async () => {
  world = await createWorld();
  admin_id = randomUUID();
  const account = { email: 'operator@example.org', role: 'admin', tier: 'premium' };
  await world.db.users.create({ data: { id: admin_id, ...account } });
  api = await mountApi(world, { as: admin_id });
});
afterAll(() => world.close());
afterEach(() => expect(api.problems).toEqual([]));

const offer = (over: Partial<Offer>): Offer => ({
  ...{ ...BLANK_OFFER, capability: 'language_model', provider: 'bedrock', model: 'claude-3-haiku' },
  ...{ quality: 'high', available: true },
  ...over,
});

const worker = (id: string, offers: readonly Offer[]) =>
  world.db.workers.create({ data: { id, offers: [...offers], seen_at: new Date() } });

const usage = (over: object = {}) =>
  world.db.provider_usage.create({
    data: {
      ...{ id: randomUUID(), owner_id: world.owner_id, job_id: randomUUID(), step: 'summarizePassages' },
      ...{ capability: 'language_model', provider: 'bedrock', model: 'claude-3-haiku' },
      ...{ calls: 4, failed: 1, micro_usd: 1_250_000, ...over },
    },
  });

const view = async (provider: string): Promise<ProviderView> => {
  const { data } = await api.call<{ providers: ProviderView[] }>('GET', '/api/ops/providers');
  return data.providers.find((one) => one.provider === provider)!;
};

const set = (provider: string, body: object) => api.call('PATCH', `/api/ops/providers/${provider}`, body);

describe('what workers offer', () => {
  beforeAll(async () => {
    const old = { code: 'RATE_LIMITED', at: '2026-11-23T06:00:00.000Z' };
    const late = { code: 'TIMEOUT', at: '2026-11-23T07:00:00.000Z' };
    const elsewhere = { configured: false, available: false, reason: 'KEY is not set', cure: 'Set KEY' };
    await worker('a', [offer({ reachable: true, last_failure: old })]);
    await worker('b', [
      offer({ breaker: 'open', reachable: false, last_failure: late }),
      offer({ provider: 'azure', capability: 'speaker', ...elsewhere }),
    ]);
    await usage();
    await usage({ micro_usd: null, calls: 1, failed: 0 });
    await usage({ at: new Date('2020-01-01') });
  });
  afterAll(() => world.db.workers.deleteMany());

  test('is one row for each provider: states of all workers, newest failure, this month', async () => {
    expect(await view('bedrock')).toMatchObject({
      ...{ capability: 'language_model', model: 'claude-3-haiku', available: true, reachable: true },
      ...{ circuits: { closed: 1, half_open: 0, open: 1 }, last_failure: { code: 'TIMEOUT' } },
      ...{ control: null, month: { calls: 5, failed: 1, usd: 1.25 } },
    });
    expect(await view('azure')).toMatchObject({
      ...{ configured: false, reason: 'KEY is not set', cure: 'Set KEY', reachable: null },
    });
  });

  test('and for everybody: what there is, how it is, what is missing, what it costs', async () => {
    const stranger = await mountApi(world, { as: null });
    const { data } = await stranger.call<{ capabilities: unknown[] }>('GET', '/api/capabilities');
    expect(data).toMatchObject({
      capabilities: [
        {
          capability: 'language_model',
          providers: [
            {
              ...{ provider: 'bedrock', available: true, missing: null, free: false, breaker: 'closed' },
              ...{ reachable: true, last_failure: { code: 'RATE_LIMITED' } },
              price_micro_usd: { input_tokens: 0.25, output_tokens: 1.25 },
            },
          ],
        },
        { capability: 'speaker', providers: [{ provider: 'azure', missing: { cure: 'Set KEY' } }] },
      ],
      limits: { max_upload_bytes: expect.any(Number) },
    });
    expect(JSON.stringify(data)).not.toMatch(/control|month|usd":1/);
  });

  test('a pause is written down with its reason and its author, and can be taken back', async () => {
    const { status, data } = await set('bedrock', { paused: true, reason: 'the invoice is not paid' });
    expect([status, data]).toEqual([
      200,
      {
        ...{ provider: 'bedrock', paused: true, rate_per_s: null, reason: 'the invoice is not paid' },
        ...{ set_by: admin_id, set_at: expect.any(String) },
      },
    ]);
    expect((await view('bedrock')).control).toEqual(data);
    await set('bedrock', { paused: false, rate_per_s: 0.5, reason: 'slowly again' });
    await set('bedrock', { rate_per_s: null, reason: 'as before' });
    const { data: page } = await api.call<{ items: { kind: string; actor: string }[] }>(
      ...(['GET', '/api/ops/provider-events?provider=bedrock&limit=3'] as const),
    );
    expect(page.items.map(({ kind, actor }) => [kind, actor === admin_id])).toEqual([
      ['rate_cleared', true],
      ...[expect.anything(), expect.anything()],
    ]);
    const kinds = await world.db.provider_events.findMany({ where: { provider: 'bedrock' } });
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['paused', 'rate_cleared', 'rate_set', 'resumed']);
    expect(await view('bedrock')).toMatchObject({ control: { paused: false, rate_per_s: null } });
  });

  test('a pause keeps its reason while something else is set', async () => {
    await set('bedrock', { paused: true, reason: 'the invoice' });
    await set('bedrock', { rate_per_s: 2, reason: 'a quota' });
    expect((await view('bedrock')).control).toMatchObject({
      paused: true,
      rate_per_s: 2,
      reason: 'the invoice',
    });
    await set('bedrock', { paused: false, rate_per_s: null, reason: 'over' });
    expect((await view('bedrock')).control).toMatchObject({ paused: false, reason: 'over' });
    await world.db.provider_controls.deleteMany();
  });

  test('the writer of our own cannot be held', async () => {
    const { status, error } = await set('extractive', { paused: true, reason: 'why not' });
    expect([status, error?.code]).toEqual([409, 'CONFLICT']);
  });

  test.each([
    ['no reason', { paused: true }, 'reason'],
    ['nothing to set', { reason: 'just so' }, 'paused'],
    ['a rate of nothing', { rate_per_s: 0, reason: 'stop it' }, 'rate_per_s'],
  ])('%s is refused', async (_what, body, field) => {
    const { status, error } = await set('bedrock', body);
    expect([status, error?.details['field']]).toEqual([422, field]);
  });

  test('a provider that nobody offers is not there', async () => {
    expect((await set('nobody', { paused: true, reason: 'why not' })).status).toBe(404);
  });

  test('a rate that the engine does not take is not written down', async () => {
    const away = { set: () => Promise.reject(new Error('away')) };
    const cut = await mountApi(world, { as: admin_id, rates: away });
    const { status } = await cut.call('PATCH', '/api/ops/providers/azure', { rate_per_s: 1, reason: 'slow' });
    expect(status).toBe(503);
    expect(await world.db.provider_controls.findUnique({ where: { provider: 'azure' } })).toBeNull();
    expect(cut.problems.splice(0)).toHaveLength(1);
  });
});

test('a budget is the user’s own, or everybody’s, and shows what is spent', async () => {
  const path = `/api/ops/budgets/${world.owner_id}`;
  await world.db.provider_usage.deleteMany();
  await usage();
  const { data } = await api.call('GET', path);
  expect(data).toMatchObject({ month_usd: null, common_usd: null, spent_usd: 1.25 });
  expect((await api.call('PATCH', path, { month_usd: 3 })).data).toMatchObject({ month_usd: 3 });
  const common = await mountApi(world, { as: admin_id, commonUsd: 7 });
  expect((await common.call('GET', path)).data).toMatchObject({ month_usd: 3, common_usd: 7 });
  expect((await common.call('PATCH', path, { month_usd: null })).data).toMatchObject({ month_usd: null });
  expect((await api.call('GET', `/api/ops/budgets/${randomUUID()}`)).status).toBe(404);
});

test('a user sees what his own jobs have used', async () => {
  const user = await mountApi(world);
  await world.db.provider_usage.deleteMany();
  await usage();
  await usage({ owner_id: admin_id });
  const { data } = await user.call('GET', '/api/usage');
  expect(data).toMatchObject({
    ...{ month_usd: null, common_usd: null, spent_usd: 1.25 },
    uses: [{ capability: 'language_model', provider: 'bedrock', calls: 4, failed: 1, usd: 1.25 }],
  });
});

describe('with a worker', () => {
  let running: TestWorker;
  beforeAll(async () => {
    running = await startTestWorker(world, { budgets: { job_usd: 0.000_01 } });
  });
  afterEach(async () => {
    running.vendor.faults({});
    await world.db.provider_controls.deleteMany();
  });

  const preflight = async (body: object = {}) => {
    const { status, data } = await api.call<{ job_id: string }>('POST', '/api/ops/preflight', body);
    expect(status).toBe(202);
    return api.until(data.job_id, ended);
  };

  interface Checked {
    readonly ready: boolean;
    readonly checks: readonly { capability: string; provider: string; ok: boolean; code: string | null }[];
  }
  const checksOf = (job: TestJob) => job.result as unknown as Checked;

  test('a preflight asks each provider something small, and says who is not ready and why', async () => {
    const well = await preflight();
    expect(checksOf(well)).toMatchObject({ ready: true });
    expect(checksOf(well).checks.map(({ capability, provider }) => `${capability} ${provider}`)).toEqual([
      ...['transcriber openai', 'speaker openai', 'language_model openai', 'illustrator drawn'],
    ]);
    running.vendor.faults({ '/v1/chat/completions': [{ kind: 'status', status: 401 }] });
    const sick = await preflight({ providers: ['openai'] });
    expect(sick.warnings.map(({ code }) => code)).toEqual(['PREFLIGHT_FAILED']);
    expect(checksOf(sick).checks.map(({ capability, code }) => [capability, code])).toEqual([
      ...[
        ['transcriber', null],
        ['speaker', null],
        ['language_model', 'UNAUTHORIZED'],
      ],
    ]);
  });

  /** Each call another pitch, so that no step is found in the cache. */
  let pitch = 700;
  async function transcribe(): Promise<string> {
    const tone = `sine=frequency=${++pitch}:duration=3`;
    const file = media(['-f', 'lavfi', '-i', tone, '-ar', '16000'], 'wav');
    return api.start('transcribe', { source_id: await api.upload(file, 'tone.wav') });
  }
  const received = () => running.vendor.calls()['/v1/audio/transcriptions']?.received ?? 0;

  test('a job says what it may cost, and what it has used', async () => {
    const job = await api.until(await transcribe(), ended);
    expect(job.estimated_cost).toEqual({ usd: 0, unpriced: ['openai/transcription'] });
    expect(job.cost).toEqual({
      ...{ usd: 0, unpriced: ['openai/transcription'] },
      uses: [
        {
          ...{ capability: 'transcriber', provider: 'openai', model: 'transcription', calls: 1, failed: 0 },
          ...{ input_tokens: 0, output_tokens: 0, characters: 0, images: 0, seconds: 3, usd: null },
        },
      ],
    });
  });

  test('calls that failed are counted, and what they used is not', async () => {
    running.vendor.faults({ '/v1/audio/transcriptions': [{ kind: 'status', status: 500, times: 2 }] });
    const job = await api.until(await transcribe(), ended);
    expect(job.cost?.uses).toMatchObject([{ calls: 3, failed: 2, seconds: 3 }]);
  });

  test('a paused provider is not called, by whatever worker; let go, it goes on', async () => {
    await set('openai', { paused: true, reason: 'a test' });
    const before = received();
    const id = await transcribe();
    await api.until(id, ({ phase }) => phase === 'recognise');
    await sleep(1_000);
    expect(received()).toBe(before);
    await set('openai', { paused: false, reason: 'the test is over' });
    const job = await api.until(id, ended);
    expect([job.status, received()]).toEqual(['completed', before + 1]);
  }, 30_000);

  test('a rate holds for the queue itself, also after a restart of ours, and can be taken away', async () => {
    const rateOf = async () => {
      const { config } = await world.client.workflowService.describeTaskQueue({
        ...{ namespace: 'default', taskQueue: { name: providerQueue(world.queue, 'openai') } },
        ...{ taskQueueType: 2, reportConfig: true },
      });
      return config?.queueRateLimit?.rateLimit?.requestsPerSecond;
    };
    await set('openai', { rate_per_s: 7.5, reason: 'a contract' });
    expect(await rateOf()).toBe(7.5);
    await api.deps.rates.set('openai', null, 'as a new Temporal would know it');
    expect(await rateOf()).toBeUndefined();
    await restoreRates(world.db, api.deps.rates);
    expect(await rateOf()).toBe(7.5);
    await set('openai', { rate_per_s: null, reason: 'no contract' });
    expect(await rateOf()).toBeUndefined();
  });

  test('past the budget of the month nothing that may cost is asked, and the job says until when', async () => {
    const path = `/api/ops/budgets/${admin_id}`;
    await usage({ owner_id: admin_id, micro_usd: 2_000_000 });
    await api.call('PATCH', path, { month_usd: 2 });
    const before = received();
    const job = await api.until(await transcribe(), ended);
    expect(job).toMatchObject({
      status: 'failed',
      error: {
        ...{ code: 'BUDGET_EXHAUSTED', provider: null, retryable: true },
        message: "openai: this month's budget of 2.00 US dollars is used up",
        hint: expect.stringMatching(/^It begins anew on \d{4}-\d\d-01; an admin can raise it before$/),
      },
    });
    expect(received()).toBe(before);
    await api.call('PATCH', path, { month_usd: null });
    expect((await api.call('POST', `/api/jobs/${job.job_id}/retry`)).status).toBe(202);
    expect((await api.until(job.job_id, ended)).status).toBe('completed');
  });

  test('only operators may ask for one', async () => {
    const user = await mountApi(world);
    expect((await user.call('POST', '/api/ops/preflight', {})).status).toBe(403);
    const { status } = await user.call('POST', '/api/jobs', { type: 'preflight', input: {} });
    expect(status).toBe(422);
  });
});
