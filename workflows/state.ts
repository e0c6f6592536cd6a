/** The state a job shows while it runs: kept in the memo, written once per turn of the workflow. */
import { proxySinks, setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import type { JobSinks, JobState, JobStep, JobWarning } from '../domain/job';

const { jobs } = proxySinks<JobSinks>();

/** Whoever watches the job looks again. */
export const announce = (revision: number): void => jobs.changed(revision);

const now = (): string => new Date().toISOString();

const blankStep = (name: string): JobStep => ({
  name,
  status: 'running',
  attempts: 0,
  provider: null,
  quality: null,
  started_at: now(),
  finished_at: null,
  warning: null,
});

/** What the Web UI shows of a running workflow; it costs no history. */
function asMarkdown(state: JobState): string {
  const rows = state.steps.map(
    (step) => `| ${step.name} | ${step.status} | ${step.provider ?? ''} | ${step.warning ?? ''} |`,
  );
  const { progress } = state;
  const line = progress
    ? `\n\n${progress.done} of ${progress.total} ${progress.unit} (${progress.percent} %)`
    : '';
  return ['| step | status | provider | note |', '|---|---|---|---|', ...rows].join('\n') + line;
}

export class StateKeeper {
  readonly state: JobState;
  private pending = false;
  private counted = false;

  constructor(start: { run: number; revision: number; carried?: { state: JobState } }) {
    this.state = start.carried?.state ?? {
      schema: 'job_state/1',
      run: start.run,
      revision: start.revision + 1, // that of the row once it says running
      status: 'running',
      phase: null,
      steps: [],
      warnings: [],
      progress: null,
    };
  }

  /** Something a client waits for has changed. */
  private changed(): void {
    if (!this.counted) this.state.revision += 1;
    this.counted = true;
    this.flushSoon();
  }

  /** Changes of one turn travel together: one memo event, one revision. */
  private flushSoon(): void {
    if (this.pending) return;
    this.pending = true;
    void Promise.resolve().then(() => {
      this.pending = false;
      this.counted = false;
      upsertMemo({ state: this.state });
      setCurrentDetails(asMarkdown(this.state));
      announce(this.state.revision);
    });
  }

  begin(name: string): JobStep {
    const step = blankStep(name);
    this.state.steps.push(step);
    this.state.phase = name;
    this.state.progress = null;
    this.changed();
    return step;
  }

  /** The step of this name that was under way when the history before this one ended. */
  resume(name: string): JobStep {
    return (
      this.state.steps.find((step) => step.name === name && step.status === 'running') ?? this.begin(name)
    );
  }

  end(step: JobStep, status: JobStep['status']): void {
    step.status = status;
    step.finished_at = now();
    this.changed();
  }

  /** A step that ran beside the one that ended the job ends with it. */
  closedSteps(): JobStep[] {
    return this.state.steps.map((step) =>
      step.status === 'running' ? { ...step, status: 'cancelled', finished_at: now() } : step,
    );
  }

  warn(warning: JobWarning): void {
    this.state.warnings.push(warning);
    this.changed();
  }

  pause(paused: boolean): void {
    this.state.status = paused ? 'paused' : 'running';
    this.changed();
  }

  edit(step: JobStep, facts: Partial<JobStep>): void {
    Object.assign(step, facts);
    this.changed();
  }

  progress(done: number, total: number, unit: string): void {
    const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
    this.state.progress = { done: Math.round(done), total: Math.round(total), unit, percent };
    this.flushSoon();
  }
}
