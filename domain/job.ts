import { z } from 'zod';

export const jobStatuses = [
  'queued',
  'running',
  'paused',
  'completed',
  'completed_with_warnings',
  'failed',
  'cancelled',
] as const;

export type JobStatus = (typeof jobStatuses)[number];

const FINAL: readonly JobStatus[] = ['completed', 'completed_with_warnings', 'failed', 'cancelled'];

/** A final status is never overwritten, except by an explicit retry. */
export const isFinal = (status: JobStatus): boolean => FINAL.includes(status);

export const warningSchema = z.object({ code: z.string(), message: z.string(), step: z.string().nullable() });

export const stepSchema = z.object({
  name: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  /** Most attempts that any part of the step needed; 0 before the first. */
  attempts: z.number().int().nonnegative(),
  provider: z.string().nullable(),
  quality: z.string().nullable(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  warning: z.string().nullable(),
});

export const progressSchema = z.object({
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.string(),
  percent: z.number().min(0).max(100),
});

export const jobErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** What a person can do about it. */
  hint: z.string().nullable(),
  step: z.string().nullable(),
  provider: z.string().nullable(),
  retryable: z.boolean(),
});

/** What a running workflow keeps in its memo, so that reading it needs neither a query nor a worker. */
export const jobStateSchema = z.object({
  schema: z.literal('job_state/1'),
  /** Which start of the job this is: 1, and one more for each retry. */
  run: z.number().int(),
  /** Counts changes of status, phase, steps and warnings; a percent is no change. */
  revision: z.number().int(),
  status: z.enum(['running', 'paused']),
  phase: z.string().nullable(),
  steps: z.array(stepSchema),
  warnings: z.array(warningSchema),
  progress: progressSchema.nullable(),
});

export type JobWarning = z.output<typeof warningSchema>;
export type JobStep = z.output<typeof stepSchema>;
export type JobProgress = z.output<typeof progressSchema>;
export type JobError = z.output<typeof jobErrorSchema>;
export type JobState = z.output<typeof jobStateSchema>;

/** What a workflow says to its worker outside of history: the job has this revision now. */
export type JobSinks = { jobs: { changed(revision: number): void } };

/** How a job ended, as the workflow's last activity writes it down. */
export interface JobOutcome {
  readonly job_id: string;
  readonly run: number;
  readonly status: 'completed' | 'completed_with_warnings' | 'failed' | 'cancelled';
  readonly revision: number;
  readonly phase: string | null;
  readonly steps: readonly JobStep[];
  readonly warnings: readonly JobWarning[];
  readonly progress: JobProgress | null;
  readonly result: Record<string, unknown> | null;
  readonly error: JobError | null;
}

/** What a job that goes on in a new history takes along (Temporal's continue-as-new). */
export interface Carried {
  readonly state: JobState;
  readonly lost_parts: number;
  /** Results of steps that have ended, by name. */
  readonly finished: Readonly<Record<string, unknown>>;
  /** The step that goes on, and what it has so far. */
  readonly step: string;
  readonly so_far: unknown;
}

/** What every job workflow is started with: one object, ids and small facts. */
export interface JobStart<Input> {
  readonly schema: 'job/1';
  readonly job_id: string;
  readonly owner_id: string;
  readonly run: number;
  /** The revision that the row has now; the workflow counts on from it. */
  readonly revision: number;
  readonly input: Input;
  readonly carried?: Carried;
}
