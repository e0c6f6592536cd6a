/** What went wrong, in the engine's words: the one place that decides whether and when Temporal tries again. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { isDiskFull } from '../store/blobs';
import { FfmpegError } from './ffmpeg-error';
import { CircuitOpenError, ProviderError } from './providers/error';

/** A step that cannot succeed with this input; the person gets the code, the message and the cure. */
export class StepError extends Error {
  override readonly name = 'StepError';

  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** First detail of every failure that a workflow sees. */
export interface FailureFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly provider: string | null;
  readonly retryable: boolean;
  /** Answers this provider has given to this piece of work, over all asks. */
  readonly answers: number;
  /** Seconds until a circuit lets a call through again. */
  readonly retry_after_s: number | null;
}

/** The kinds a workflow tells apart; they are the failure's `type`. */
export const FAILURE = {
  /** The vendor answered three times and never well. */
  exhausted: 'ProviderExhausted',
  /** The vendor said no, and would again. */
  rejected: 'ProviderRejected',
  /** No call was made. */
  circuitOpen: 'CircuitOpen',
  /** This input cannot be worked on. */
  step: 'StepFailed',
  timedOut: 'StepTimedOut',
} as const;

export interface RetryRules {
  /** The seed's `max_attempts`: answers of a vendor in all. */
  readonly maxAnswers: number;
  readonly baseS: number;
  readonly maxDelayS: number;
  /** Seconds from a step's first start after which it is no longer tried. */
  readonly stepTimeoutS: number;
}

export const retryRules = (over: Partial<RetryRules> = {}): RetryRules => ({
  maxAnswers: 3,
  baseS: 1,
  maxDelayS: 10,
  stepTimeoutS: 6 * 3600,
  ...over,
});

/** 1 s, 2 s, 4 s … up to the cap, each with up to half of itself as jitter. */
export function backoffS(answers: number, rules: RetryRules, random: () => number): number {
  const delay = rules.baseS * 2 ** (answers - 1);
  return Math.min(rules.maxDelayS, delay * (1 + random() / 2));
}

function fail(type: string, facts: Partial<FailureFacts> & { message: string; code: string }, cause?: Error) {
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
    type,
    nonRetryable: true,
    details: [details],
    cause,
  });
}

function providerFailure(
  error: ProviderError,
  answersBefore: number,
  rules: RetryRules,
  random: () => number,
) {
  const { provider, code, transient, retryAfterS, hint } = error.facts;
  const answers = answersBefore + 1;
  const facts = { code, message: error.message, hint: hint ?? null, provider, answers, retryable: transient };
  if (!transient) return fail(FAILURE.rejected, facts, error);
  if (answers >= rules.maxAnswers) return fail(FAILURE.exhausted, facts, error);
  if (retryAfterS !== undefined && retryAfterS > rules.maxDelayS) {
    return fail(FAILURE.circuitOpen, { ...facts, retry_after_s: retryAfterS }, error);
  }
  const delayS = Math.max(backoffS(answers, rules, random), retryAfterS ?? 0);
  return ApplicationFailure.create({
    message: error.message,
    type: code,
    nextRetryDelay: Math.round(delayS * 1000),
    details: [{ ...facts, retry_after_s: null } satisfies FailureFacts],
    cause: error,
  });
}

function diskFull(error: unknown) {
  const hint =
    'Make space where LM_DATA_DIR and the temporary files lie, then retry the job: finished steps are kept';
  const facts = { code: 'DISK_FULL', message: 'The disk of the worker is full', hint, retryable: true };
  return fail(FAILURE.step, facts, error instanceof Error ? error : undefined);
}

/** It would refuse the same work again; one that was killed is tried again. */
function ffmpegRefused(error: FfmpegError) {
  const hint = 'Retry the job with force: true; if it stays, the worker’s log says what ffmpeg was given';
  return fail(FAILURE.step, { code: 'FFMPEG_FAILED', message: error.message, hint, retryable: true }, error);
}

/** Whether an error is a vendor's answer, and so counts against its three. */
export const isVendorAnswer = (error: unknown): boolean => error instanceof ProviderError;

/**
 * Translates whatever an activity threw. An abort passes through untouched, or a cancelled job would end as failed;
 * a full disk is told at once, for somebody must make space; what else is neither a vendor's nor the input's fault
 * is ours (a database away) and is tried again until the step's time is over.
 */
export function toFailure(
  error: unknown,
  context: {
    answersBefore: number;
    elapsedS: number;
    cancelled: boolean;
    rules: RetryRules;
    random: () => number;
  },
): unknown {
  const { answersBefore, elapsedS, cancelled, rules, random } = context;
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (cancelled) return new CancelledFailure('the job was cancelled');
  if (error instanceof StepError) {
    const { code, message, hint = null } = error;
    return fail(FAILURE.step, { code, message, hint }, error);
  }
  if (error instanceof CircuitOpenError) {
    const { provider, retryAfterS: retry_after_s, message } = error;
    const facts = {
      code: 'CIRCUIT_OPEN',
      message,
      provider,
      retry_after_s,
      answers: answersBefore,
      retryable: true,
    };
    return fail(FAILURE.circuitOpen, facts, error);
  }
  if (error instanceof ProviderError) return providerFailure(error, answersBefore, rules, random);
  if (isDiskFull(error)) return diskFull(error);
  if (error instanceof FfmpegError && error.exitCode !== null) return ffmpegRefused(error);
  if (elapsedS > rules.stepTimeoutS) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The step gave up after ${Math.round(elapsedS)} s; last reason: ${reason}`;
    return fail(FAILURE.timedOut, { code: 'STEP_TIMED_OUT', message, retryable: true });
  }
  return error;
}
