import type { JobStart } from '../../domain/job';
import type { JobInput, JobOutput, JobType } from '../../workflows/contracts';
import type * as workflows from '../../workflows/index';
import { pageOf } from '../http/cursor';
import { endpoint, noContent, UNCHANGED, type Endpoint, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { effectIdOf, repeatedSince } from '../http/idempotency';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { accepted, ACCEPTED } from './accepted';
import * as actions from './actions';
import { EVENT_STREAM, sendEvents } from './events';
import { endOfWait, knownRevisions } from './known';
import { listJobs } from './list';
import { jobSchema, listSchema, newJobSchema, waitSchema } from './schemas';
import type { JobStarter } from './start';
import type { JobReader } from './status';

/** The compiler's checklist: every contract has a workflow of its name and shape. */
type JobWorkflows = { [Type in JobType]: (start: JobStart<JobInput<Type>>) => Promise<JobOutput<Type>> };
type Check = typeof workflows extends JobWorkflows ? true : never;
export const everyJobTypeHasItsWorkflow: Check = true;

export interface JobRouteDeps extends actions.ActionDeps {
  readonly reader: JobReader;
  readonly starter: JobStarter;
  readonly stopping: AbortSignal;
}

export function jobRoutes(deps: JobRouteDeps): Routes {
  const { starter } = deps;

  const create = endpoint({
    summary: 'Start a job',
    rule: ['job', 'create'],
    body: newJobSchema,
    answers: ACCEPTED,
    async handle({ res, body: { type, input, title } }) {
      accepted(res, await starter.start({ id: effectIdOf(res), owner_id: userOf(res), type, input, title }));
    },
  });

  const list = endpoint({
    summary: 'List your jobs, newest first, or ask for several at once by `ids`',
    rule: ['job', 'read'],
    query: listSchema,
    answers: { 200: { description: 'A page', data: pageOf(jobSchema) }, ...UNCHANGED },
    async handle({ res, query }) {
      ok(res, await listJobs(deps, userOf(res), query));
    },
  });

  return {
    '/': { post: create, get: list },
    '/:id': { get: readJob(deps), delete: eraseJob(deps) },
    '/:id/events': { get: followJob(deps) },
    '/:id/cancel': { post: doing(deps, 'Cancel it, for good', actions.cancelJob) },
    '/:id/retry': { post: doing(deps, 'Run it again; finished steps are kept', actions.retryJob) },
    '/:id/pause': { post: doing(deps, 'Let it pause before its next step', actions.pauseJob) },
    '/:id/resume': { post: doing(deps, 'Let it go on', actions.resumeJob) },
  };
}

/** Does it to the asker's job and answers with the job as it is then. */
const doing = (deps: JobRouteDeps, summary: string, act: actions.Action): Endpoint =>
  endpoint({
    ...{ summary, rule: ['job', 'control'], answers: ACCEPTED },
    async handle({ req, res }) {
      const id = idOf(req, 'job');
      const row = await actions.findOwnJob(deps.db, userOf(res), id);
      await actions.actOnce(act, { deps, row, since: repeatedSince(res) });
      deps.reader.forget(id);
      const job = await deps.reader.read(userOf(res), id);
      if (!job) throw notFound('job');
      accepted(res, job);
    },
  });

const readJob = ({ reader, stopping }: JobRouteDeps): Endpoint =>
  endpoint({
    summary: 'A job as it is now, or at its next revision (`wait`)',
    rule: ['job', 'read'],
    query: waitSchema,
    answers: {
      200: { description: 'The job', data: jobSchema },
      304: { description: 'It is as you know it (If-None-Match)' },
    },
    async handle({ req, res, query: { wait: seconds } }) {
      const known = knownRevisions(req.get('if-none-match'));
      const until = { known, seconds, signal: endOfWait(res, stopping) };
      const job = await reader.wait(userOf(res), idOf(req, 'job'), until);
      if (!job) throw notFound('job');
      res.set({ ETag: `"${job.revision}"`, 'Cache-Control': 'private, no-cache' });
      if (known.includes(job.revision)) res.status(304).end();
      else ok(res, job);
    },
  });

const eraseJob = (deps: JobRouteDeps): Endpoint =>
  noContent({
    summary: 'Cancel it if need be, and erase it with its artifacts',
    rule: ['job', 'erase'],
    async handle({ req, res }) {
      const id = idOf(req, 'job');
      await actions.eraseJob(deps, await actions.findOwnJob(deps.db, userOf(res), id));
      deps.reader.forget(id);
    },
  });

const followJob = (deps: JobRouteDeps): Endpoint =>
  endpoint({
    summary: 'A job as Server-Sent Events, until it has ended',
    rule: ['job', 'read'],
    answers: {
      200: { description: 'Events `job` and `progress`', media_type: EVENT_STREAM },
      204: { description: 'It has ended as you know it (Last-Event-ID)' },
    },
    handle: (asked) => sendEvents(asked, deps),
  });
