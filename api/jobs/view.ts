/** A row, its artifacts and what the running workflow says become the one job resource. */
import { provenanceSchema } from '../../domain/artifact';
import type { JobState, JobStep } from '../../domain/job';
import type { Db } from '../../prisma/client';
import { jobSchema, type Job } from './schemas';

export type JobRow = Awaited<ReturnType<typeof findJobRow>> & object;

/** The artifacts in the order in which a person would list them. */
export const WITH_ARTIFACTS = {
  artifacts: { orderBy: [{ created_at: 'asc' as const }, { position: 'asc' as const }] },
};

export const findJobRow = (db: Db, id: string) =>
  db.jobs.findUnique({ where: { id }, include: WITH_ARTIFACTS });

/** What `describe()` adds: the memo's state, and attempts and progress of activities under way. */
export interface LiveJob {
  readonly state: JobState;
  readonly pending: readonly {
    readonly attempt: number;
    readonly done?: number;
    readonly total?: number;
    readonly unit?: string;
  }[];
}

const linksOf = (id: string) => ({
  self: `/api/jobs/${id}`,
  cancel: `/api/jobs/${id}/cancel`,
  retry: `/api/jobs/${id}/retry`,
});

/** Attempts of an activity under way belong to the step that runs; the memo learns them only when it ends. */
function stepsNow({ state, pending }: LiveJob): JobStep[] {
  const attempt = Math.max(0, ...pending.map((activity) => activity.attempt));
  const running = state.steps.filter((step) => step.status === 'running');
  return state.steps.map((step) =>
    running.length === 1 && step === running[0]
      ? { ...step, attempts: Math.max(step.attempts, attempt) }
      : step,
  );
}

function progressNow({ state, pending }: LiveJob): Job['progress'] {
  if (state.progress) return state.progress;
  const beating = pending.find((activity) => activity.total !== undefined && activity.total > 0);
  if (!beating) return null;
  const { done = 0, total = 0, unit = '' } = beating;
  return { done, total, unit, percent: Math.min(100, Math.floor((100 * done) / total)) };
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export function toJob(row: JobRow, live?: LiveJob): Job {
  const { id: job_id, artifacts, ...facts } = row;
  const current = live && {
    ...live.state,
    steps: stepsNow(live),
    progress: progressNow(live),
    revision: Math.max(row.revision, live.state.revision),
  };
  return jobSchema.parse({
    ...facts,
    job_id,
    ...current,
    created_at: iso(row.created_at),
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    artifacts: artifacts.map(({ id, kind, media_type, bytes, expires_at, metadata }) => ({
      ...{ id, kind, media_type, bytes: Number(bytes), expires_at: iso(expires_at) },
      provenance: provenanceSchema.safeParse(metadata).data ?? null,
      href: `/api/artifacts/${id}`,
    })),
    links: linksOf(job_id),
  });
}
