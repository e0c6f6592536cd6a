import { Router, type RequestHandler } from 'express';
import type { Db } from '../../prisma/client';
import { saveContent } from '../content/content';
import { receiveUpload, type Limits } from '../content/receive';
import { userOf } from '../http/request-context';
import { accepted } from '../jobs/routes';
import type { JobStarter } from '../jobs/start';

/** The seed's one call: upload and start. The form's other fields are the job's parameters. */
export function transcribeRoutes({
  db,
  starter,
  uploads,
}: {
  db: Db;
  starter: JobStarter;
  uploads: Limits;
}): Router {
  const router = Router();
  const upload: RequestHandler = async (req, res) => {
    const owner_id = userOf(res);
    const received = await receiveUpload(req, uploads);
    const source = await saveContent(db, owner_id, received);
    const { language, quality } = received.fields;
    const input = { source_id: source.id, language, quality };
    accepted(res, await starter.start({ owner_id, type: 'transcribe', input }));
  };
  router.post('/', upload);
  router.post('/audio', upload);
  return router;
}
