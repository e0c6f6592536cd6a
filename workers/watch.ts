/** Everything that providers do, told to whom it concerns: the ledger, the metrics, the log, the table of events. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Budgets } from '../activities/budgets';
import { CircuitOpenError, unasked } from '../activities/providers/error';
import type { ProviderWatch } from '../activities/providers/registry';
import type { Db } from '../prisma/client';
import type { Controls } from './controls';
import type { Ledger } from './ledger';
import type { ProviderMetrics } from './metrics';

/** How long a caller should wait before it asks again whether an operator has let go. */
const HELD_S = 10;
/** What was handed in is paid, whoever looks after it. */
const PAID_ALREADY = ['collectTranscription', 'discardTranscription'];

interface Watching {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly metrics: ProviderMetrics;
  readonly controls: Controls;
  readonly budgets: Budgets;
  readonly log: Logger;
  /** This worker's id among the others. */
  readonly worker: string;
  /** Planning should know of a circuit at once. */
  readonly changed: () => Promise<void>;
}

export function createWatch(parts: Watching): ProviderWatch {
  const { db, ledger, metrics, controls, budgets, log, worker, changed } = parts;

  async function record(of: Parameters<ProviderWatch['onCircuit']>[0]): Promise<void> {
    const { capability, provider, circuit } = of;
    const event = { id: randomUUID(), kind: `circuit_${circuit.state}`, capability, provider, worker };
    await Promise.all([
      db.provider_events.create({ data: { ...event, reason: circuit.last_error } }),
      changed(),
    ]);
  }

  return {
    async before(provider) {
      const held = controls.held(provider);
      if (held !== undefined) throw new CircuitOpenError(provider, HELD_S, held);
      const attempt = ledger.current();
      if (!attempt || PAID_ALREADY.includes(attempt.step)) return;
      const refusal = await budgets.refusal(attempt.job_id, provider);
      if (!refusal) return;
      throw unasked(provider, { code: 'BUDGET_EXHAUSTED', what: refusal.reason, hint: refusal.cure });
    },
    onCall(call) {
      ledger.note(call);
      metrics.called(call);
    },
    onCircuit(of) {
      const { capability, provider, circuit } = of;
      metrics.circuit(of);
      log.warn({ capability, provider, ...circuit }, `circuit ${circuit.state}`);
      record(of).catch((error: unknown) => log.warn({ err: error }, 'a circuit was not written down'));
    },
  };
}
