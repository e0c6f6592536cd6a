/** Everything the job routes ask of Temporal, each with a deadline, none of them a workflow query. */
import { createHash } from 'node:crypto';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { jobStateSchema, type JobStart } from '../../domain/job';
import type { JobRow, LiveJob } from './view';

/** Longer than any healthy answer takes; a client must not hang with us. */
const DEADLINE_MS = 2_000;

const JOB_TYPE = defineSearchAttributeKey('JobType', SearchAttributeType.KEYWORD);
const OWNER = defineSearchAttributeKey('Owner', SearchAttributeType.KEYWORD);

/** People use the system now; batches wait. */
const INTERACTIVE_PRIORITY = 1;

/** Search attributes are never encrypted, so the owner's id is not among them. */
const ownerHash = (owner_id: string): string =>
  createHash('sha256').update(owner_id).digest('hex').slice(0, 16);

export type Execution =
  | { readonly status: 'absent' }
  | { readonly status: 'running'; readonly live?: LiveJob }
  | { readonly status: 'closed'; readonly how: string; readonly run?: number; readonly live?: LiveJob };

export interface JobEngine {
  /** Returns the run id; starting the same run twice starts it once. */
  start(row: Pick<JobRow, 'id' | 'owner_id' | 'type' | 'run' | 'revision' | 'input'>): Promise<string>;
  describe(job_id: string): Promise<Execution>;
  cancel(job_id: string): Promise<boolean>;
  terminate(job_id: string, reason: string): Promise<void>;
  signal(job_id: string, name: 'pause' | 'resume'): Promise<boolean>;
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

function pendingOf(activity: Pending): LiveJob['pending'][number] {
  const payload = activity.heartbeatDetails?.payloads?.[0];
  const beat =
    payload && defaultPayloadConverter.fromPayload<{ done?: number; total?: number; unit?: string }>(payload);
  return { attempt: activity.attempt ?? 0, done: beat?.done, total: beat?.total, unit: beat?.unit };
}

function liveOf(description: WorkflowExecutionDescription): LiveJob | undefined {
  const parsed = jobStateSchema.safeParse(description.memo?.['state']);
  if (!parsed.success) return undefined;
  return { state: parsed.data, pending: (description.raw.pendingActivities ?? []).map(pendingOf) };
}

function executionOf(description: WorkflowExecutionDescription): Execution {
  const live = liveOf(description);
  if (description.status.name === 'RUNNING' || description.status.name === 'PAUSED')
    return { status: 'running', live };
  const run = description.memo?.['run'];
  return {
    status: 'closed',
    how: description.status.name,
    live,
    run: typeof run === 'number' ? run : undefined,
  };
}

export function createJobEngine({ client, queue }: { client: Client; queue: string }): JobEngine {
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + DEADLINE_MS, call);

  /** False where there is no such execution, or it has ended. */
  async function found(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await within(call);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  const handle = (job_id: string) => client.workflow.getHandle(job_id);

  return {
    async start({ id, owner_id, type, run, revision, input }) {
      const start: JobStart<unknown> = { schema: 'job/1', job_id: id, owner_id, run, revision, input };
      const started = await within(() =>
        client.workflow.start(type, {
          workflowId: id,
          taskQueue: queue,
          args: [start],
          memo: { run },
          // USE_EXISTING alone would run, and pay, a closed job again; a retry is the one exception.
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: run === 1 ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
          priority: { priorityKey: INTERACTIVE_PRIORITY, fairnessKey: ownerHash(owner_id) },
          staticSummary: `${type} ${id}${run > 1 ? `, run ${run}` : ''}`,
          typedSearchAttributes: [
            { key: JOB_TYPE, value: type },
            { key: OWNER, value: ownerHash(owner_id) },
          ],
        }),
      );
      return started.firstExecutionRunId;
    },
    async describe(job_id) {
      try {
        return executionOf(await within(() => handle(job_id).describe()));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { status: 'absent' };
        throw error;
      }
    },
    cancel: (job_id) => found(() => handle(job_id).cancel()),
    terminate: async (job_id, reason) => void (await found(() => handle(job_id).terminate(reason))),
    signal: (job_id, name) => found(() => handle(job_id).signal(name)),
  };
}
