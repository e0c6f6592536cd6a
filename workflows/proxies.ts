/** The only `proxyActivities` calls: one profile per kind of work. Each call says its summary for the Web UI. */
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities, Attempted } from '../activities/index';
import { cpuQueue, providerQueue } from './queues';

/** The worker's interceptor adds the attempts to every result. */
export type Remote = {
  [Name in keyof Activities]: (
    input: Parameters<Activities[Name]>[0],
  ) => Promise<Awaited<ReturnType<Activities[Name]>> & Attempted>;
};

/**
 * `maximumAttempts` stays unset: heartbeat time-outs would use it up. A vendor's answers are counted by the worker,
 * and crashes of ours are tried again until the step's time is over.
 */
const retry = (initialInterval: string): ActivityOptions['retry'] => ({
  initialInterval: initialInterval as '1s',
  backoffCoefficient: 2,
  maximumInterval: '10s',
});

/** Left out, the cancellation type acts as TRY_CANCEL, and a cancelled job would leave its processes behind. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** Rows and plans: milliseconds, on the workflow's own queue so that they start eagerly. */
export const bookkeeping = (summary: string) =>
  proxyActivities<Remote>({ startToCloseTimeout: '30s', retry: retry('200ms'), cancellationType, summary });

/** Our own work on files: minutes, killed on cancel. */
export const cpu = (summary: string) =>
  proxyActivities<Remote>({
    taskQueue: cpuQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '2h',
    heartbeatTimeout: '10s',
    retry: retry('1s'),
    cancellationType,
    summary,
  });

/** A provider's call, on that provider's queue; its clock starts with its first attempt, so there is no schedule-to-close. */
export const onProvider = (provider: string, summary: string, over: Partial<ActivityOptions> = {}) =>
  proxyActivities<Remote>({
    taskQueue: providerQueue(workflowInfo().taskQueue, provider),
    startToCloseTimeout: '15m',
    heartbeatTimeout: '10s',
    retry: retry('1s'),
    cancellationType,
    summary,
    ...over,
  });
