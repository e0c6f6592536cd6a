/** One process, one connection, a Temporal worker per queue. */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index';
import type { RetryRules } from '../activities/failures';
import { cpuQueue, providerQueue } from '../workflows/queues';
import { activityInterceptor } from './activity-interceptor';
import { noLedger, type Ledger } from './ledger';
import { BOOKKEEPING_SLOTS, cpuSlots, providerSlots, type Slots } from './slots';

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Name of the bookkeeping queue; the others are made from it. */
  readonly queue: string;
  readonly activities: Activities;
  readonly providers: readonly string[];
  readonly rules: RetryRules;
  readonly cores: number;
  readonly ledger?: Ledger;
  readonly workflows: Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'sinks'>;
}

/** Cancellation and progress travel with heartbeats, so these are sent each second. */
const HEARTBEATS = { maxHeartbeatThrottleInterval: '1s', defaultHeartbeatThrottleInterval: '1s' } as const;

/** On SIGTERM running activities get this long; then they are cancelled and another worker takes them. */
const DRAIN = { shutdownGraceTime: '5s', shutdownForceTime: '15s' } as const;

export async function createWorkers(settings: WorkerSettings): Promise<Worker[]> {
  const { connection, namespace, queue, activities, providers, rules, cores, workflows } = settings;
  const { ledger = noLedger } = settings;

  const onQueue = (taskQueue: string, slots: Slots, more: Partial<WorkerOptions> = {}) =>
    Worker.create({
      ...{ connection, namespace, taskQueue, activities, ...HEARTBEATS, ...DRAIN },
      maxConcurrentActivityTaskExecutions: slots.concurrency,
      interceptors: { activity: [activityInterceptor({ rules, ledger })] },
      ...more,
    });

  return Promise.all([
    onQueue(queue, BOOKKEEPING_SLOTS, { ...workflows, maxConcurrentWorkflowTaskExecutions: 8 }),
    onQueue(cpuQueue(queue), cpuSlots(cores)),
    ...providers.map((provider) => onQueue(providerQueue(queue, provider), providerSlots(provider, cores))),
  ]);
}
