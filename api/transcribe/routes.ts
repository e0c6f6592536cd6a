import type { Db } from '../../prisma/client';
import { uuidOf } from '../../prisma/ids';
import type { Blobs } from '../../store/blobs';
import { saveContent } from '../content/content';
import { uploadOf } from '../content/receives';
import { transcribeFieldsSchema } from '../content/schemas';
import { endpoint, type Routes } from '../http/endpoint';
import { effectIdOf } from '../http/idempotency';
import { userOf } from '../http/principal';
import { accepted, ACCEPTED } from '../jobs/accepted';
import type { JobStarter } from '../jobs/start';

interface TranscribeDeps {
  readonly db: Db;
  readonly starter: JobStarter;
  readonly blobs: Blobs;
}

/** The seed's one call, under both of its paths. */
export function transcribeRoutes({ db, starter, blobs }: TranscribeDeps): Routes {
  const post = endpoint({
    summary: 'Hand in a recording and transcribe it at once',
    rule: ['job', 'create'],
    form: true,
    body: transcribeFieldsSchema,
    answers: ACCEPTED,
    async handle({ res, body: fields }) {
      const [owner_id, id] = [userOf(res), effectIdOf(res)];
      const source = await saveContent({ db, blobs, owner_id, id }, uploadOf(res), fields);
      const { language, quality, force } = fields;
      const input = { source_id: source.id, language, quality, force };
      accepted(res, await starter.start({ id: uuidOf('job', id), owner_id, type: 'transcribe', input }));
    },
  });
  return { '/': { post }, '/audio': { post } };
}
