/** Everything that providers do, told to whom it concerns: the ledger, the metrics, the log, the table of events. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ProviderWatch } from '../activities/providers/registry';
import type { Db } from '../prisma/client';
import type { Controls } from './controls';
import type { Ledger } from './ledger';
import type { ProviderMetrics } from './metrics';

interface Watching {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly metrics: ProviderMetrics;
  readonly controls: Controls;
  readonly log: Logger;
  /** This worker's id among the others. */
  readonly worker: string;
  /** Planning should know of a circuit at once. */
  readonly changed: () => Promise<void>;
}

export function createWatch(parts: Watching): ProviderWatch {
  const { db, ledger, metrics, controls, log, worker, changed } = parts;

  async function record(of: Parameters<ProviderWatch['onCircuit']>[0]): Promise<void> {
    const { capability, provider, circuit } = of;
    const event = { id: randomUUID(), kind: `circuit_${circuit.state}`, capability, provider, worker };
    await Promise.all([
      db.provider_events.create({ data: { ...event, reason: circuit.last_error } }),
      changed(),
    ]);
  }

  return {
    held: controls.held,
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
