/** What Prometheus reads of this worker, beside the Temporal SDK's own figures. */
import type { MetricMeter } from '@temporalio/common';
import type { Circuit, ProviderCall } from '../activities/providers/registry';

const STATES: readonly Circuit['state'][] = ['closed', 'half_open', 'open'];

export interface ProviderMetrics {
  called(call: ProviderCall): void;
  circuit(of: { capability: string; provider: string; circuit: Circuit }): void;
}

export function createMetrics(meter: MetricMeter): ProviderMetrics {
  const calls = meter.createCounter('lm_provider_calls', '1', 'Calls of providers, by how they ended');
  const took = meter.createHistogram('lm_provider_call_seconds', 'float', 's', 'Time of a call');
  const used = meter.createCounter('lm_provider_units', '1', 'What vendors count, by unit');
  const changes = meter.createCounter(
    'lm_provider_circuit_changes',
    '1',
    'Changes of a circuit, by what it became',
  );
  const state = meter.createGauge(
    'lm_provider_circuit_state',
    'int',
    '1',
    '1 for the state that a circuit is in',
  );
  return {
    called({ capability, provider, model, units, error, seconds }) {
      const of = { capability, provider, model };
      calls.add(1, { ...of, outcome: error ?? 'OK' });
      took.record(seconds, of);
      for (const [unit, count] of Object.entries(units)) used.add(Math.round(count), { ...of, unit });
    },
    circuit({ capability, provider, circuit }) {
      changes.add(1, { capability, provider, state: circuit.state });
      for (const name of STATES)
        state.set(name === circuit.state ? 1 : 0, { capability, provider, state: name });
    },
  };
}
