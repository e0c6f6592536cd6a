import { Router } from 'express';
import { z } from 'zod';
import { userOf } from '../http/request-context';
import { route } from '../http/route';
import { parseBody } from '../http/validate';
import { accepted } from '../jobs/accepted';
import { jobTitle } from '../jobs/schemas';
import type { JobStarter } from '../jobs/start';

/** The rest is checked against the contract of `slides`. */
const presentationSchema = z.looseObject({ title: jobTitle });

export function presentationRoutes({ starter }: { starter: JobStarter }): Router {
  const router = Router();
  route(router, '/', {
    async post(req, res) {
      const { title, ...input } = parseBody(presentationSchema, req);
      accepted(res, await starter.start({ owner_id: userOf(res), type: 'slides', input, title, under: [] }));
    },
  });
  return router;
}
