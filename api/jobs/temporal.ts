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

/** `run` counts the job's starts and comes from the memo, `run_id` is Temporal's. */
interface Known {
  readonly run_id: string;
  /** Grows with everything that happens, but not with a heartbeat. */
  readonly events: number;
  readonly run?: number;
  readonly live?: LiveJob;
}

export type Execution =
  | { readonly status: 'absent' }
  | ({ readonly status: 'running' } & Known)
  | ({ readonly status: 'closed'; readonly how: string } & Known);

/** What starting a job's workflow needs of its row. */
export type StartableRow = Pick<JobRow, 'id' | 'owner_id' | 'type' | 'run' | 'revision' | 'input'>;

export interface JobEngine {
  /** Returns Temporal's run id; fails with `WorkflowExecutionAlreadyStartedError` where another run is in the way. */
  start(row: StartableRow): Promise<string>;
  describe(job_id: string): Promise<Execution>;
  /** False where there is no such execution, or it has ended; so the others. */
  cancel(job_id: string): Promise<boolean>;
  terminate(job_id: string, reason: string): Promise<boolean>;
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

/** `PAUSED` is Temporal's own pause by an operator: the execution lives. */
const LIVING = ['RUNNING', 'PAUSED'];

function executionOf(description: WorkflowExecutionDescription): Execution {
  const how = description.status.name;
  const run = description.memo?.['run'];
  const known: Known = {
    run_id: description.runId,
    events: description.historyLength,
    run: typeof run === 'number' ? run : undefined,
    live: liveOf(description),
  };
  return LIVING.includes(how) ? { status: 'running', ...known } : { status: 'closed', how, ...known };
}

/** `queue` is where the worker takes its workflows from. */
function startOptions(row: StartableRow, queue: string) {
  const { id, owner_id, type, run, revision, input } = row;
  const start: JobStart<unknown> = { schema: 'job/1', job_id: id, owner_id, run, revision, input };
  return {
    workflowId: id,
    taskQueue: queue,
    args: [start],
    memo: { run },
    // With USE_EXISTING alone a closed job would run, and be paid, again. A retry may follow a closed run, but
    // must not take one that is still ending for its own.
    ...(run === 1
      ? ({ workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const)
      : ({ workflowIdConflictPolicy: 'FAIL', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const)),
    priority: { priorityKey: INTERACTIVE_PRIORITY, fairnessKey: ownerHash(owner_id) },
    staticSummary: `${type} ${id}${run > 1 ? `, run ${run}` : ''}`,
    typedSearchAttributes: [
      { key: JOB_TYPE, value: type },
      { key: OWNER, value: ownerHash(owner_id) },
    ],
  };
}

export function createJobEngine({ client, queue }: { client: Client; queue: string }): JobEngine {
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + DEADLINE_MS, call);
  const handle = (job_id: string) => client.workflow.getHandle(job_id);

  async function found(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await within(call);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  return {
    async start(row) {
      const started = await within(() => client.workflow.start(row.type, startOptions(row, queue)));
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
    terminate: (job_id, reason) => found(() => handle(job_id).terminate(reason)),
    signal: (job_id, name) => found(() => handle(job_id).signal(name)),
  };
}
