/** Starting is idempotent: the row is written first, then the workflow under the row's id, then the row learns the run. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../prisma/client';
import { contracts, type JobType } from '../../workflows/contracts';
import { parse } from '../http/validate';
import { estimateSeconds } from './estimate';
import { createFactors } from './learned';
import { launch } from './launch';
import type { AcceptedJob } from './schemas';
import { findSubject } from './subject';
import type { JobEngine } from './temporal';
import { toJob } from './view';

export interface NewJob {
  readonly owner_id: string;
  readonly type: JobType;
  readonly input: Record<string, unknown>;
  readonly title?: string;
  /** Where the input stands in the request's body, for the names of wrong fields. */
  readonly under?: readonly string[];
}

export interface JobStarter {
  /** Checks the input, writes the row and starts the workflow. */
  start(job: NewJob): Promise<AcceptedJob>;
}

const TITLES: Record<JobType, string> = {
  transcribe: 'Transcript',
  embed: 'Vectors',
  summarize: 'Summary',
  slides: 'Slides',
  voiceover: 'Voice-over',
  narrate: 'Narrated deck',
  lesson: 'Lesson',
};

interface StarterDeps {
  readonly db: Db;
  readonly engine: JobEngine;
  /** Told when Temporal could not be reached; the job is accepted all the same. */
  readonly onLaunchError: (error: unknown) => void;
}

export function createJobStarter({ db, engine, onLaunchError }: StarterDeps): JobStarter {
  const factorOf = createFactors(db);
  return {
    async start({ owner_id, type, input, title, under = ['input'] }) {
      const checked = parse(contracts[type].input, input, under);
      const subject = await findSubject(db, { owner_id, type, input: checked, under });
      const row = await db.jobs.create({
        data: {
          id: randomUUID(),
          owner_id,
          type,
          title: title ?? `${TITLES[type]}: ${subject.title}`,
          input: checked,
          status: 'queued',
          estimated_time: Math.ceil(estimateSeconds(type, subject) * (await factorOf(type))),
        },
        include: { artifacts: true },
      });
      // The row is safe: whatever happens to this call, the sweep starts what it left.
      await launch({ db, engine }, row).catch(onLaunchError);
      return toJob(row);
    },
  };
}
