/** Starting is idempotent: the row is written first, then the workflow under the row's id, then the row learns the run. */
import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { z } from 'zod';
import type { Db } from '../../prisma/client';
import type { Prisma } from '../../prisma/generated/client';
import { contracts, type JobType } from '../../workflows/contracts';
import { parse } from '../http/validate';
import { estimateSeconds } from './estimate';
import type { AcceptedJob } from './schemas';
import { findSubject } from './subject';
import type { JobEngine } from './temporal';
import { toJob, type JobRow } from './view';

export interface NewJob {
  readonly owner_id: string;
  readonly type: JobType;
  readonly input: Record<string, unknown>;
  readonly title?: string;
}

export interface JobStarter {
  /** Checks the input, writes the row and starts the workflow. */
  start(job: NewJob): Promise<AcceptedJob>;
  /** Starts the workflow of a row that says `queued`; safe to repeat. */
  launch(row: Pick<JobRow, 'id' | 'owner_id' | 'type' | 'run' | 'revision' | 'input'>): Promise<void>;
}

const TITLES: Record<JobType, string> = {
  transcribe: 'Transcript',
  embed: 'Vectors',
  summarize: 'Summary',
  slides: 'Slides',
  voiceover: 'Voice-over',
  lesson: 'Lesson',
};

interface StarterDeps {
  readonly db: Db;
  readonly engine: JobEngine;
  /** Told when Temporal could not be reached; the job is accepted all the same. */
  readonly onLaunchError: (error: unknown) => void;
}

export function createJobStarter({ db, engine, onLaunchError }: StarterDeps): JobStarter {
  async function launch(
    row: Pick<JobRow, 'id' | 'owner_id' | 'type' | 'run' | 'revision' | 'input'>,
  ): Promise<void> {
    try {
      const run_id = await engine.start(row);
      await db.jobs.updateMany({ where: { id: row.id, run: row.run }, data: { run_id } });
    } catch (error) {
      // Closed already: its outcome is recorded, or the sweep settles it.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  return {
    launch,
    async start({ owner_id, type, input, title }) {
      const { input: checked } = parse(z.object({ input: contracts[type].input }), { input });
      const subject = await findSubject(db, owner_id, type, checked);
      const row = await db.jobs.create({
        data: {
          id: randomUUID(),
          owner_id,
          type,
          title: title ?? `${TITLES[type]}: ${subject.title}`,
          input: checked as Prisma.InputJsonObject,
          status: 'queued',
          estimated_time: estimateSeconds(type, subject),
        },
        include: { artifacts: true },
      });
      // The row is safe: whatever happens to this call, the sweep starts what it left.
      await launch(row).catch(onLaunchError);
      const { job_id, status, estimated_time, links } = toJob(row);
      return { job_id, status, estimated_time, links };
    },
  };
}
