/** Brings a row and its execution together again after a crash, or after somebody acted in the Temporal Web UI. */
import type { JobError, JobOutcome } from '../../domain/job';
import { finishJob } from '../../prisma/jobs';
import type { Db } from '../../prisma/client';
import type { Execution } from './temporal';
import type { JobRow } from './view';

type Closed = Extract<Execution, { status: 'closed' }>;

const ENDINGS: Record<string, { status: JobOutcome['status']; code: string; message: string }> = {
  CANCELLED: { status: 'cancelled', code: 'CANCELLED', message: 'The job was cancelled' },
  TERMINATED: { status: 'failed', code: 'TERMINATED', message: 'An operator terminated the job' },
  TIMED_OUT: { status: 'failed', code: 'TIMED_OUT', message: 'The job ran longer than it may' },
};

const LOST = {
  status: 'failed',
  code: 'LOST',
  message: 'The job ended without a record of its result',
} as const;

function errorOf(code: string, message: string, step: string | null): JobError {
  return {
    code,
    message,
    hint: 'Retry the job: finished steps are kept',
    step,
    provider: null,
    retryable: true,
  };
}

/** What a run that ended without its own record comes to. */
export function endingOf(
  row: Pick<JobRow, 'id' | 'run' | 'revision' | 'cancel_requested_at'>,
  execution: Closed,
): JobOutcome {
  const ending = row.cancel_requested_at ? ENDINGS['CANCELLED']! : (ENDINGS[execution.how] ?? LOST);
  const state = execution.live?.state;
  const phase = state?.phase ?? null;
  const steps = (state?.steps ?? []).map((step) =>
    step.status === 'running'
      ? { ...step, status: ending.status === 'cancelled' ? ('cancelled' as const) : ('failed' as const) }
      : step,
  );
  return {
    job_id: row.id,
    run: row.run,
    status: ending.status,
    revision: Math.max(row.revision, state?.revision ?? 0) + 1,
    phase,
    steps,
    warnings: state?.warnings ?? [],
    progress: state?.progress ?? null,
    result: null,
    error: ending.status === 'cancelled' ? null : errorOf(ending.code, ending.message, phase),
  };
}

export const settle = (db: Db, row: JobRow, execution: Closed): Promise<boolean> =>
  finishJob(db, endingOf(row, execution));

/** A job that was cancelled before its workflow existed. */
export const settleUnstarted = (db: Db, row: JobRow): Promise<boolean> =>
  finishJob(db, endingOf(row, { status: 'closed', how: 'CANCELLED' }));
