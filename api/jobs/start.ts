/** Starting is idempotent: the row is written first, then the workflow under the row's id, then the row learns the run. */
import type { Db } from '../../prisma/client';
import { contracts, type JobType } from '../../workflows/contracts';
import { parse } from '../http/validate';
import { rememberOffers } from '../ops/offers';
import { estimateSeconds } from './estimate';
import { estimateCost } from './estimate-cost';
import { createFactors } from './learned';
import { launch } from './launch';
import type { AcceptedJob } from './schemas';
import { findSubject } from './subject';
import type { JobEngine } from './temporal';
import { toJob } from './view';

export interface NewJob {
  readonly id: string;
  readonly owner_id: string;
  readonly type: JobType;
  readonly input: Record<string, unknown>;
  readonly title?: string;
  /** Where the input stands in the request's body, for the names of wrong fields. */
  readonly under?: readonly string[];
}

export interface JobStarter {
  /** Checks the input, writes the row and starts the workflow; a job that is there already is given as it is. */
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
  preflight: 'Preflight',
};

const textIn = (input: Record<string, unknown>): { text?: string } =>
  typeof input['text'] === 'string' ? { text: input['text'] } : {};

interface StarterDeps {
  readonly db: Db;
  readonly engine: JobEngine;
  /** Told when Temporal could not be reached; the job is accepted all the same. */
  readonly onLaunchError: (error: unknown) => void;
}

export function createJobStarter({ db, engine, onLaunchError }: StarterDeps): JobStarter {
  const factorOf = createFactors(db);
  const offers = rememberOffers(db);

  async function newRow({ id, owner_id, type, input, title, under = ['input'] }: NewJob) {
    const checked = parse(contracts[type].input, input, under);
    const subject = await findSubject(db, { owner_id, type, input: checked, under });
    return db.jobs.create({
      data: {
        ...{ id, owner_id, type, input: checked, status: 'queued' },
        title: title ?? [TITLES[type], subject.title].filter(Boolean).join(': '),
        estimated_time: Math.ceil(estimateSeconds(type, subject) * (await factorOf(type))),
        estimated_cost: estimateCost({ type, size: subject, ...textIn(checked) }, await offers()),
      },
      include: { artifacts: true },
    });
  }

  return {
    async start(job) {
      const { id, owner_id } = job;
      const found = await db.jobs.findUnique({ where: { id, owner_id }, include: { artifacts: true } });
      const row = found ?? (await newRow(job));
      // The row is safe: whatever happens to this call, the sweep starts what it left.
      if (row.status === 'queued') await launch({ db, engine }, row).catch(onLaunchError);
      return toJob(row);
    },
  };
}
