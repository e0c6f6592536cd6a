/** What a provider does reaches the ledger, the metrics that Prometheus reads, the table of events and planning. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import type { Circuit, ProviderCall } from '../activities/providers/registry';
import { createLog } from '../log';
import { PortChooser } from '../stack/ports';
import { createWorld, type World } from '../testing/world';
import { watchControls } from './controls';
import { noLedger } from './ledger';
import { createMetrics } from './metrics';
import { createWatch } from './watch';

let world: World;
let metricsUrl: string;
let runtime: Runtime;
beforeAll(async () => {
  world = await createWorld();
  const bindAddress = `127.0.0.1:${await new PortChooser().choose(0)}`;
  runtime = Runtime.install({ telemetryOptions: { metrics: { prometheus: { bindAddress } } } });
  metricsUrl = `http://${bindAddress}/metrics`;
});
afterAll(async () => {
  await world.close();
  await runtime.shutdown();
});

const attempt = { job_id: 'job', step: 'speak', id: 'attempt' };
const refusal = { reason: 'it is used up', cure: 'Wait' };

const call: ProviderCall = {
  ...{ capability: 'speaker', provider: 'azure', model: 'neural', error: null, seconds: 0.25 },
  units: { characters: 40 },
};
const sick: Circuit = {
  ...{ state: 'open', retry_after_s: 30, last_error: 'azure: HTTP 503', reachable: true },
  last_failure: { code: 'UNAVAILABLE', at: '2026-11-23T08:00:00.000Z' },
};

test('tells everybody', async () => {
  const noted: ProviderCall[] = [];
  let changes = 0;
  const controls = await watchControls(world.db, { onError: () => undefined, everyMs: 20 });
  const watch = createWatch({
    ...{ db: world.db, controls, log: createLog('fatal'), worker: 'host:1:a' },
    ledger: { ...noLedger, note: (of) => noted.push(of), current: () => attempt },
    budgets: { refusal: async (_job, provider) => (provider === 'bedrock' ? refusal : undefined) },
    metrics: createMetrics(runtime.metricMeter),
    changed: async () => void (changes += 1),
  });

  watch.onCall(call);
  watch.onCall({ ...call, error: 'UNAVAILABLE', units: {} });
  watch.onCircuit({ capability: 'speaker', provider: 'azure', circuit: sick });
  expect(noted).toHaveLength(2);
  await until(async () => (await world.db.provider_events.count()) === 1);
  expect(await world.db.provider_events.findMany()).toMatchObject([
    {
      ...{ kind: 'circuit_open', provider: 'azure', capability: 'speaker', worker: 'host:1:a' },
      reason: 'azure: HTTP 503',
    },
  ]);
  expect(changes).toBe(1);

  const of = 'capability="speaker",model="neural"';
  const text = async () => (await fetch(metricsUrl)).text();
  await until(async () => (await text()).includes('lm_provider_circuit_state'));
  const lines = (await text()).split('\n');
  const value = (name: string, ...labels: string[]) =>
    lines
      .find((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      ?.split(' ')[1];
  expect(value('lm_provider_calls', of, 'outcome="OK"')).toBe('1');
  expect(value('lm_provider_calls', of, 'outcome="UNAVAILABLE"')).toBe('1');
  expect(value('lm_provider_units', of, 'unit="characters"')).toBe('40');
  expect(value('lm_provider_circuit_changes', 'state="open"')).toBe('1');
  expect([
    value('lm_provider_circuit_state', 'state="open"'),
    value('lm_provider_circuit_state', 'state="closed"'),
  ]).toEqual(['1', '0']);

  const held = { provider: 'azure', reason: 'invoice' };
  await world.db.provider_controls.create({ data: { ...held, paused: true } });
  await until(async () => controls.held('azure') !== undefined);
  await expect(watch.before('azure')).rejects.toMatchObject({
    ...{ name: 'CircuitOpenError', message: 'azure: paused by an operator: invoice' },
  });
  await expect(watch.before('openai')).resolves.toBeUndefined();
  await expect(watch.before('bedrock')).rejects.toMatchObject({
    message: 'bedrock: it is used up',
    facts: { code: 'BUDGET_EXHAUSTED', transient: false, asked: false, hint: 'Wait' },
  });
  attempt.step = 'collectTranscription';
  await expect(watch.before('bedrock')).resolves.toBeUndefined();
  controls.stop();
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 10_000; !(await holds()); await sleep(20))
    if (Date.now() > giveUpAt) throw new Error('it did not come to that');
}
