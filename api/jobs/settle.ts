/** Brings a row and its execution together again after a crash, or after somebody acted in the Temporal Web UI. */
import { asCost } from '../../domain/cost';
import type { JobError, JobOutcome, JobStep } from '../../domain/job';
import type { Db } from '../../prisma/client';
import { finishJob } from '../../prisma/jobs';
import { usedByJob } from '../../prisma/usage';
import type { JobRow, LiveJob } from './view';

interface Ending {
  readonly status: 'failed' | 'cancelled';
  readonly code: string;
  readonly message: string;
}

const CANCELLED: Ending = { status: 'cancelled', code: 'CANCELLED', message: 'The job was cancelled' };

/** By the status of an execution that closed without its own record. */
const ENDINGS: Record<string, Ending> = {
  CANCELLED,
  TERMINATED: { status: 'failed', code: 'TERMINATED', message: 'An operator terminated the job' },
  TIMED_OUT: { status: 'failed', code: 'TIMED_OUT', message: 'The job ran longer than it may' },
};

const LOST: Ending = {
  status: 'failed',
  code: 'LOST',
  message: 'The job ended without a record of its result',
};

const errorOf = ({ code, message }: Ending, step: string | null): JobError => ({
  ...{ code, message, step, provider: null, retryable: true },
  hint: 'Retry the job: finished steps are kept',
});

/** A step that ran ended with its job, as far as anybody knows. */
const closeStep =
  ({ status }: Ending) =>
  (step: JobStep): JobStep =>
    step.status === 'running' ? { ...step, status, finished_at: new Date().toISOString() } : step;

/** An execution that is over: how it closed, and its last word. `how` is absent where it is lost altogether. */
export interface Over {
  readonly how?: string;
  readonly live?: LiveJob;
}

/** What a run that ended without its own record comes to. */
export function endingOf(
  row: Pick<JobRow, 'id' | 'run' | 'revision' | 'cancel_requested_at'>,
  { how = '', live }: Over,
): JobOutcome {
  const ending = row.cancel_requested_at ? CANCELLED : (ENDINGS[how] ?? LOST);
  const { phase = null, steps = [], warnings = [], progress = null, revision = 0 } = live?.state ?? {};
  return {
    ...{ job_id: row.id, run: row.run, status: ending.status, phase, warnings, progress, result: null },
    revision: Math.max(row.revision, revision) + 1,
    steps: steps.map(closeStep(ending)),
    error: ending.status === 'cancelled' ? null : errorOf(ending, phase),
  };
}

/** False when the row has a final status already, which is never overwritten. */
export const settle = async (db: Db, row: JobRow, over: Over): Promise<boolean> =>
  finishJob(db, endingOf(row, over), asCost(await usedByJob(db, row.id)));
