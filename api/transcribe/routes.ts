import { Router, type RequestHandler } from 'express';
import type { Db } from '../../prisma/client';
import { takeIn } from '../content/content';
import type { Limits } from '../content/receive';
import { transcribeFieldsSchema } from '../content/schemas';
import { userOf } from '../http/request-context';
import { route } from '../http/route';
import { accepted } from '../jobs/accepted';
import type { JobStarter } from '../jobs/start';

interface TranscribeDeps {
  readonly db: Db;
  readonly starter: JobStarter;
  readonly uploads: Limits;
}

/** The seed's one call: upload and start. The form's other fields are the job's parameters. */
export function transcribeRoutes({ db, starter, uploads }: TranscribeDeps): Router {
  const router = Router();
  const post: RequestHandler = async (req, res) => {
    const owner_id = userOf(res);
    const { row, fields } = await takeIn(req, { db, uploads, owner_id }, transcribeFieldsSchema);
    const { language, quality, force } = fields;
    const input = { source_id: row.id, language, quality, force };
    accepted(res, await starter.start({ owner_id, type: 'transcribe', input }));
  };
  route(router, '/', { post });
  route(router, '/audio', { post });
  return router;
}
