import { Router, type Request, type Response } from 'express';
import type { JobStart } from '../../domain/job';
import type { JobInput, JobOutput, JobType } from '../../workflows/contracts';
import type * as workflows from '../../workflows/index';
import { afterCursor, NEWEST_FIRST, toPage } from '../http/cursor';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { userOf } from '../http/request-context';
import { route } from '../http/route';
import { idOf, parse, parseBody } from '../http/validate';
import { accepted } from './accepted';
import * as actions from './actions';
import { sendEvents } from './events';
import { closedSignal, knownRevisions } from './known';
import { listSchema, newJobSchema, waitSchema } from './schemas';
import type { JobStarter } from './start';
import type { JobReader } from './status';
import { WITH_ARTIFACTS } from './view';

/** The compiler's checklist: every contract has a workflow of its name and shape. */
type JobWorkflows = { [Type in JobType]: (start: JobStart<JobInput<Type>>) => Promise<JobOutput<Type>> };
type Check = typeof workflows extends JobWorkflows ? true : never;
export const everyJobTypeHasItsWorkflow: Check = true;

export interface JobRouteDeps extends actions.ActionDeps {
  readonly reader: JobReader;
  readonly starter: JobStarter;
}

export function jobRoutes(deps: JobRouteDeps): Router {
  const { db, reader, starter } = deps;
  const router = Router();

  /** Does it to the asker's job and answers with the job as it is then. */
  const doing = (act: actions.Action) => async (req: Request, res: Response) => {
    const id = idOf(req, 'job');
    await act(deps, await actions.findOwnJob(db, userOf(res), id));
    reader.forget(id);
    const job = await reader.read(userOf(res), id);
    if (!job) throw notFound('job');
    accepted(res, job);
  };

  route(router, '/', {
    async post(req, res) {
      const { type, input, title } = parseBody(newJobSchema, req);
      accepted(res, await starter.start({ owner_id: userOf(res), type, input, title }));
    },

    async get(req, res) {
      const { limit, cursor, ids, status, type } = parse(listSchema, req.query);
      const owner_id = userOf(res);
      const where = { owner_id, status, type, id: ids && { in: ids }, ...afterCursor(cursor) };
      const take = ids?.length ?? limit;
      const rows = await db.jobs.findMany({
        ...{ where, orderBy: NEWEST_FIRST, take: take + 1, include: WITH_ARTIFACTS },
      });
      const { items, next_cursor } = toPage(rows, take);
      const jobs = await Promise.all(items.map((row) => reader.read(owner_id, row.id, row)));
      // One may have been erased since.
      ok(res, { items: jobs.filter((job) => job !== undefined), next_cursor });
    },
  });

  route(router, '/:id', {
    async get(req, res) {
      const { wait: seconds } = parse(waitSchema, req.query);
      const known = knownRevisions(req.get('if-none-match'));
      const until = { known, seconds, signal: closedSignal(res) };
      const job = await reader.wait(userOf(res), idOf(req, 'job'), until);
      if (!job) throw notFound('job');
      res.set({ ETag: `"${job.revision}"`, 'Cache-Control': 'private, no-cache' });
      if (known.includes(job.revision)) res.status(304).end();
      else ok(res, job);
    },

    async delete(req, res) {
      const id = idOf(req, 'job');
      await actions.eraseJob(deps, await actions.findOwnJob(db, userOf(res), id));
      reader.forget(id);
      res.status(204).end();
    },
  });

  route(router, '/:id/events', { get: sendEvents(reader) });
  route(router, '/:id/cancel', { post: doing(actions.cancelJob) });
  route(router, '/:id/retry', { post: doing(actions.retryJob) });
  route(router, '/:id/pause', { post: doing(actions.pauseJob) });
  route(router, '/:id/resume', { post: doing(actions.resumeJob) });

  return router;
}
