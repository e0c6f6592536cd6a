/** How many tasks a second Temporal gives out of a provider's queue, over all workers. */
import type { Client } from '@temporalio/client';
import type { Db } from '../../prisma/client';
import { providerQueue } from '../../workflows/queues';

export interface QueueRates {
  /** Null: as many as there are. */
  set(provider: string, rate_per_s: number | null, reason: string): Promise<void>;
}

/** Temporal's number for queues of activities (`TASK_QUEUE_TYPE_ACTIVITY`). */
const ACTIVITIES = 2;
/** Somebody waits for the answer. */
const DEADLINE_MS = 2_000;

export const createQueueRates = ({ client, queue }: { client: Client; queue: string }): QueueRates => ({
  async set(provider, rate_per_s, reason) {
    const rateLimit = rate_per_s === null ? undefined : { requestsPerSecond: rate_per_s };
    const asked = {
      ...{ namespace: client.options.namespace, identity: client.options.identity },
      ...{ taskQueue: providerQueue(queue, provider), taskQueueType: ACTIVITIES },
      updateQueueRateLimit: { rateLimit, reason },
    };
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflowService.updateTaskQueueConfig(asked),
    );
  },
});

const EVERY_MS = 60_000;

/** Temporal keeps the rates; where its database is a new one, or was away, it is told again. */
export function keepRates(db: Db, rates: QueueRates, onError: (error: unknown) => void): { stop(): void } {
  const again = () => void restoreRates(db, rates).catch(onError);
  again();
  const timer = setInterval(again, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

export async function restoreRates(db: Db, rates: QueueRates): Promise<void> {
  const rows = await db.provider_controls.findMany({ where: { rate_per_s: { not: null } } });
  for (const { provider, rate_per_s, reason } of rows) await rates.set(provider, rate_per_s, reason);
}
