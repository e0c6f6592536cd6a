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

export const createQueueRates = ({ client, queue }: { client: Client; queue: string }): QueueRates => ({
  async set(provider, rate_per_s, reason) {
    const rateLimit = rate_per_s === null ? undefined : { requestsPerSecond: rate_per_s };
    await client.workflowService.updateTaskQueueConfig({
      namespace: client.options.namespace,
      identity: client.options.identity,
      taskQueue: providerQueue(queue, provider),
      taskQueueType: ACTIVITIES,
      updateQueueRateLimit: { rateLimit, reason },
    });
  },
});

/** Temporal keeps the rates; where its database is a new one, it is told again. */
export async function restoreRates(db: Db, rates: QueueRates): Promise<void> {
  const rows = await db.provider_controls.findMany({ where: { rate_per_s: { not: null } } });
  for (const { provider, rate_per_s, reason } of rows) await rates.set(provider, rate_per_s, reason);
}
