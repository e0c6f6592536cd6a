/** Around every job's body: its state, its steps, pause and cancel, and the record of how it ended. */
import {
  CancellationScope,
  condition,
  ContinueAsNew,
  defineSignal,
  isCancellation,
  makeContinueAsNewFunc,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobError, JobOutcome, JobStart, JobStep } from '../domain/job';
import type { JobInput, JobOutput, JobType } from './contracts';
import { toJobError } from './failure';
import { bookkeeping } from './proxies';
import { announce, StateKeeper } from './state';

export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');

/** What a step's body may say about itself. */
export interface Step {
  readonly name: string;
  readonly job_id: string;
  /** Who did it; attempts add up to the most that any part needed. */
  did(facts: { attempts: number; provider?: string; quality?: string }): void;
  progress(done: number, total: number, unit: string): void;
  /** What `goOnLater` was given, where the step goes on from an earlier history. */
  readonly soFar: unknown;
  /** The history is long: start nothing more, and call `goOnLater`. */
  isFull(): boolean;
  /** Goes on with this step in a new history, from what it has so far; never returns. */
  goOnLater(soFar: unknown): Promise<never>;
  warn(code: string, message: string): void;
}

/** What a job's body is given. */
export interface Run {
  readonly job_id: string;
  readonly owner_id: string;
  /** Set by `force: true`: steps then keep their results for this job alone. */
  readonly fresh_for: string | null;
  step<Result>(name: string, body: (step: Step) => Promise<Result>): Promise<Result>;
  /** A part whose failure is a warning: null, and the job goes on without it. */
  optional<Result>(part: string, body: () => Promise<Result>): Promise<Result | null>;
}

type Workflow<Type extends JobType> = (start: JobStart<JobInput<Type>>) => Promise<JobOutput<Type>>;

/** About 350 windows of sound, or 80 minutes; Temporal itself warns at 10,000 events and ends a history at 50,000. */
const FULL_EVENTS = 2_000;

class JobRun implements Run {
  readonly keeper: StateKeeper;
  readonly fresh_for: string | null;
  private paused: boolean;
  lostParts: number;
  /** Steps fail side by side, so each error knows its own. */
  private readonly failedSteps = new WeakMap<TemporalFailure, string>();
  private readonly finished: Record<string, unknown>;

  constructor(readonly start: JobStart<Record<string, unknown> & { force?: boolean }>) {
    this.keeper = new StateKeeper(start);
    this.paused = this.keeper.state.status === 'paused';
    this.lostParts = start.carried?.lost_parts ?? 0;
    this.finished = { ...start.carried?.finished };
    this.fresh_for = start.input.force ? `${start.job_id}:${start.run}` : null;
    setHandler(pauseSignal, () => this.setPaused(true));
    setHandler(resumeSignal, () => this.setPaused(false));
  }

  get job_id(): string {
    return this.start.job_id;
  }

  get owner_id(): string {
    return this.start.owner_id;
  }

  private setPaused(paused: boolean): void {
    if (paused === this.paused) return;
    this.paused = paused;
    this.keeper.pause(paused);
  }

  private handle(step: JobStep): Step {
    const { keeper } = this;
    return {
      name: step.name,
      job_id: this.job_id,
      did: ({ attempts, provider = step.provider, quality = step.quality }) => {
        const most = Math.max(step.attempts, attempts);
        if (most === step.attempts && provider === step.provider && quality === step.quality) return;
        keeper.edit(step, { attempts: most, provider, quality });
      },
      progress: (done, total, unit) => keeper.progress(done, total, unit),
      warn: (code, message) => {
        step.warning = message;
        keeper.warn({ code, message, step: step.name });
      },
      soFar: this.start.carried?.step === step.name ? this.start.carried.so_far : undefined,
      isFull: () => workflowInfo().historyLength > FULL_EVENTS,
      goOnLater: (so_far) => this.goOnLater(step.name, so_far),
    };
  }

  private goOnLater(step: string, so_far: unknown): Promise<never> {
    const { finished, lostParts: lost_parts } = this;
    const { state } = this.keeper;
    const carried = { state, lost_parts, finished, step, so_far };
    const { typedSearchAttributes } = workflowInfo();
    const memo = { run: this.start.run, state };
    return makeContinueAsNewFunc({ memo, typedSearchAttributes: typedSearchAttributes.getAll() })({
      ...this.start,
      carried,
    });
  }

  async step<Result>(name: string, body: (step: Step) => Promise<Result>): Promise<Result> {
    const before = this.start.carried?.finished ?? {};
    if (name in before) return before[name] as Result;
    await condition(() => !this.paused);
    const step = this.start.carried?.step === name ? this.keeper.resume(name) : this.keeper.begin(name);
    try {
      const result = await body(this.handle(step));
      this.keeper.end(step, 'completed');
      this.finished[name] = result;
      return result;
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      this.keeper.end(step, isCancellation(error) ? 'cancelled' : 'failed');
      if (error instanceof TemporalFailure && !this.failedSteps.has(error)) this.failedSteps.set(error, name);
      throw error;
    }
  }

  errorOf(error: TemporalFailure): JobError {
    return toJobError(error, this.failedSteps.get(error) ?? null);
  }

  async optional<Result>(part: string, body: () => Promise<Result>): Promise<Result | null> {
    try {
      return await body();
    } catch (error) {
      if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
      const { code, message, hint, step } = this.errorOf(error);
      const cure = hint ? ` (cure: ${hint})` : '';
      this.keeper.warn({ code, message: `Without ${part}: ${message}${cure}`, step });
      this.lostParts += 1;
      return null;
    }
  }

  outcome(status: JobOutcome['status'], facts: Pick<JobOutcome, 'result' | 'error'>): JobOutcome {
    const { run, revision, phase, warnings, progress } = this.keeper.state;
    const { job_id } = this;
    const steps = this.keeper.closedSteps();
    return { job_id, run, status, revision: revision + 1, phase, steps, warnings, progress, ...facts };
  }
}

/** The record must be written whatever happened, so a cancel does not reach it. */
const record = (outcome: JobOutcome) =>
  CancellationScope.nonCancellable(async () => {
    await bookkeeping(`Record: ${outcome.status}`).recordOutcome(outcome);
    announce(outcome.revision);
  });

/**
 * Makes a job type's workflow out of its body. An error that is none of Temporal's is a bug of ours: it passes,
 * Temporal tries the workflow task again, and a mended worker finishes the job.
 */
export function job<Type extends JobType>(
  type: Type,
  body: (run: Run, input: JobInput<Type>) => Promise<JobOutput<Type>>,
): Workflow<Type> {
  return async (start) => {
    const run = new JobRun(start);
    try {
      if (!start.carried)
        await bookkeeping(`Start ${type}`).markRunning({ job_id: start.job_id, run: start.run });
      const result = await body(run, start.input);
      await record(
        run.outcome(run.lostParts > 0 ? 'completed_with_warnings' : 'completed', { result, error: null }),
      );
      return result;
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      const ending = isCancellation(error)
        ? run.outcome('cancelled', { result: null, error: null })
        : run.outcome('failed', { result: null, error: run.errorOf(error) });
      await record(ending);
      throw error;
    }
  };
}
