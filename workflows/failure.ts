/** Reads what an activity's failure says, and writes it as the job's error. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { FailureFacts } from '../activities/index';
import type { JobError } from '../domain/job';

export interface ReadFailure extends FailureFacts {
  /** The failure's kind, for example `CircuitOpen`. */
  readonly type: string;
}

const cureOf = 'Try again; if it stays, the worker’s log says more';

export function readFailure(error: unknown): ReadFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const blank = { hint: null, provider: null, retryable: true, answers: 0, retry_after_s: null };
  if (cause instanceof ApplicationFailure) {
    const facts = cause.details?.[0] as FailureFacts | undefined;
    const plain = { code: 'STEP_FAILED', message: cause.message, ...blank, hint: cureOf };
    return { ...plain, ...facts, type: cause.type ?? 'Error' };
  }
  if (cause instanceof TimeoutFailure) {
    const message = `A step took longer than it may (${cause.timeoutType})`;
    return { ...blank, code: 'STEP_TIMED_OUT', message, hint: cureOf, type: 'Timeout' };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { ...blank, code: 'STEP_FAILED', message, hint: cureOf, type: 'Error' };
}

export function toJobError(error: unknown, step: string | null): JobError {
  const { code, message, hint, provider, retryable } = readFailure(error);
  return { code, message, hint, step, provider, retryable };
}

/** A failure of ours in the same words. */
export function failure(
  facts: Partial<FailureFacts> & { code: string; message: string },
): ApplicationFailure {
  const details: FailureFacts = {
    hint: null,
    provider: null,
    retryable: false,
    answers: 0,
    retry_after_s: null,
    ...facts,
  };
  return ApplicationFailure.create({
    message: facts.message,
    type: facts.code,
    nonRetryable: true,
    details: [details],
  });
}
