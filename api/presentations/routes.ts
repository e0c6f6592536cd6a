import { Router } from 'express';
import { z } from 'zod';
import { userOf } from '../http/request-context';
import { parseBody } from '../http/validate';
import { accepted } from '../jobs/routes';
import type { JobStarter } from '../jobs/start';

/** The rest is checked against the contract of `slides`. */
const presentationSchema = z.looseObject({ title: z.string().trim().min(1).max(200).optional() });

export function presentationRoutes({ starter }: { starter: JobStarter }): Router {
  const router = Router();
  router.post('/', async (req, res) => {
    const { title, ...input } = parseBody(presentationSchema, req);
    accepted(res, await starter.start({ owner_id: userOf(res), type: 'slides', input, title }));
  });
  return router;
}
