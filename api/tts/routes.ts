import { Router } from 'express';
import { z } from 'zod';
import { userOf } from '../http/request-context';
import { parseBody } from '../http/validate';
import { accepted } from '../jobs/routes';
import type { JobStarter } from '../jobs/start';

/** Characters of about twenty minutes of speech; longer texts are lessons. */
const MOST_CHARACTERS = 20_000;

const speechSchema = z.object({
  text: z.string().trim().min(1).max(MOST_CHARACTERS),
  voice: z.string().max(100).optional(),
  language: z.string().optional(),
});

export function ttsRoutes({ starter }: { starter: JobStarter }): Router {
  const router = Router();
  router.post('/speech', async (req, res) => {
    const input = parseBody(speechSchema, req);
    accepted(res, await starter.start({ owner_id: userOf(res), type: 'voiceover', input }));
  });
  return router;
}
