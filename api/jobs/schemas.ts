import { z } from 'zod';
import { artifactLinkSchema } from '../../domain/artifact';
import { costSchema, estimatedCostSchema } from '../../domain/cost';
import { jobErrorSchema, jobStatuses, progressSchema, stepSchema, warningSchema } from '../../domain/job';
import { contracts, type JobType } from '../../workflows/contracts';
import { pageSchema } from '../http/cursor';

const jobTypes = Object.keys(contracts) as [JobType, ...JobType[]];
const jobType = z.enum(jobTypes, { error: `must be one of ${jobTypes.join(', ')}` });

/** What users start; operators have a route of their own for the rest. */
const startable = jobType.exclude(['preflight'], {
  error: `must be one of ${jobTypes.filter((type) => type !== 'preflight').join(', ')}`,
});

export const jobTitle = z.string().trim().min(1).max(200).optional();

/** `input` is checked against the contract of its type. */
export const newJobSchema = z.object({
  type: startable,
  input: z.record(z.string(), z.unknown()),
  title: jobTitle,
  callback_url: z
    .undefined({ error: 'is not possible yet: follow links.self with ?wait=20, or its /events' })
    .optional(),
});

const linksSchema = z.object({ self: z.string(), cancel: z.string(), retry: z.string() });

/** One resource for every kind of work. */
export const jobSchema = z.object({
  job_id: z.uuid(),
  type: jobType,
  title: z.string(),
  input: z.record(z.string(), z.unknown()),
  revision: z.number().int(),
  status: z.enum(jobStatuses),
  phase: z.string().nullable(),
  progress: progressSchema.nullable(),
  steps: z.array(stepSchema),
  result: z.record(z.string(), z.unknown()).nullable(),
  artifacts: z.array(artifactLinkSchema),
  error: jobErrorSchema.nullable(),
  warnings: z.array(warningSchema),
  /** Seconds, as estimated when the job was accepted. */
  estimated_time: z.number().int(),
  /** As estimated when the job was accepted, with the first choices that were there. */
  estimated_cost: estimatedCostSchema.nullable(),
  /** What its calls of providers have cost, over all runs; null until it has ended. */
  cost: costSchema.nullable(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  parent_id: z.uuid().nullable(),
  batch_id: z.uuid().nullable(),
  links: linksSchema,
});

export type Job = z.output<typeof jobSchema>;

export const acceptedSchema = jobSchema.pick({
  job_id: true,
  status: true,
  estimated_time: true,
  links: true,
});

export type AcceptedJob = z.output<typeof acceptedSchema>;

/** Seconds; a request that waits longer may be cut by a proxy. */
const LONGEST_WAIT_S = 60;

/** `wait` in seconds: the answer comes at the next revision (with If-None-Match) or at the job's end. */
export const waitSchema = z.object({ wait: z.coerce.number().min(0).max(LONGEST_WAIT_S).default(0) });

const MOST_IDS = 100;

export const listSchema = pageSchema.extend({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.uuid()).min(1).max(MOST_IDS))
    .optional(),
  status: z.enum(jobStatuses).optional(),
  type: jobType.optional(),
});
