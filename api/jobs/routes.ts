import { Router, type Request, type Response } from 'express';
import type * as workflows from '../../workflows/index';
import type { JobStart } from '../../domain/job';
import type { JobInput, JobOutput, JobType } from '../../workflows/contracts';
import { afterCursor, NEWEST_FIRST, toPage } from '../http/cursor';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { userOf } from '../http/request-context';
import { idOf, parse, parseBody } from '../http/validate';
import { cancelJob, eraseJob, findOwnJob, pauseJob, retryJob, type ActionDeps } from './actions';
import { listSchema, newJobSchema, waitSchema, type AcceptedJob, type Job } from './schemas';
import type { JobReader } from './status';
import type { JobRow } from './view';

/** The compiler's checklist: every contract has a workflow of its name and shape. */
type JobWorkflows = { [Type in JobType]: (start: JobStart<JobInput<Type>>) => Promise<JobOutput<Type>> };
type Check = typeof workflows extends JobWorkflows ? true : never;
export const everyJobTypeHasItsWorkflow: Check = true;

export interface JobRouteDeps extends ActionDeps {
  readonly reader: JobReader;
}

export function accepted(res: Response, job: AcceptedJob): void {
  res.location(job.links.self);
  ok(res, job, 202);
}

const etag = (revision: number): string => `"${revision}"`;

/** The revision that a client has, from `If-None-Match: "7"`. */
function knownRevision(req: Request): number | undefined {
  const match = /^(?:W\/)?"(\d+)"$/.exec(req.get('if-none-match') ?? '');
  return match ? Number(match[1]) : undefined;
}

function closedSignal(res: Response): AbortSignal {
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  return abort.signal;
}

export function jobRoutes(deps: JobRouteDeps): Router {
  const { db, reader, starter } = deps;
  const router = Router();

  /** Runs an action on the asker's job and answers with the job as it is then. */
  const action =
    (act: (deps: ActionDeps, row: JobRow) => Promise<void>) => async (req: Request, res: Response) => {
      const id = idOf(req, 'job');
      await act(deps, await findOwnJob(db, userOf(res), id));
      reader.forget(id);
      const job = await reader.read(userOf(res), id);
      if (!job) throw notFound('job');
      accepted(res, { job_id: id, status: job.status, estimated_time: job.estimated_time, links: job.links });
    };

  router.post('/', async (req, res) => {
    const { type, input, title } = parseBody(newJobSchema, req);
    accepted(res, await starter.start({ owner_id: userOf(res), type, input, title }));
  });

  router.get('/', async (req, res) => {
    const { limit, cursor, ids, status, type } = parse(listSchema, req.query);
    const owner_id = userOf(res);
    const where = { owner_id, status, type, id: ids && { in: ids }, ...afterCursor(cursor) };
    const take = ids?.length ?? limit;
    const rows = await db.jobs.findMany({
      where,
      orderBy: NEWEST_FIRST,
      take: take + 1,
      select: { id: true, created_at: true },
    });
    const { items, next_cursor } = toPage(rows, take);
    const jobs = await Promise.all(items.map(({ id }) => reader.read(owner_id, id)));
    ok(res, { items: jobs.filter((job): job is Job => job !== undefined), next_cursor });
  });

  router.get('/:id', async (req, res) => {
    const { wait } = parse(waitSchema, req.query);
    const id = idOf(req, 'job');
    const known = knownRevision(req);
    const job = await reader.wait(userOf(res), id, { known, seconds: wait, signal: closedSignal(res) });
    if (!job) throw notFound('job');
    res.set('ETag', etag(job.revision)).set('Cache-Control', 'private, no-cache');
    if (known === job.revision) res.status(304).end();
    else ok(res, job);
  });

  router.post('/:id/cancel', action(cancelJob));
  router.post('/:id/retry', action(retryJob));
  router.post(
    '/:id/pause',
    action((all, row) => pauseJob(all, row, 'pause')),
  );
  router.post(
    '/:id/resume',
    action((all, row) => pauseJob(all, row, 'resume')),
  );

  router.delete('/:id', async (req, res) => {
    const id = idOf(req, 'job');
    await eraseJob(deps, await findOwnJob(db, userOf(res), id));
    reader.forget(id);
    res.status(204).end();
  });

  return router;
}
