import { Router } from 'express';
import { z } from 'zod';
import { contracts } from '../../workflows/contracts';
import { userOf } from '../http/request-context';
import { route } from '../http/route';
import { parseBody } from '../http/validate';
import { accepted } from '../jobs/accepted';
import type { JobStarter } from '../jobs/start';

const { text, voice, language, force } = contracts.voiceover.input.shape;

const speechSchema = z.object({ text: text.unwrap(), voice, language, force });

/** A text becomes speech: the job `voiceover` without a source. */
export function ttsRoutes({ starter }: { starter: JobStarter }): Router {
  const router = Router();
  route(router, '/speech', {
    async post(req, res) {
      const input = parseBody(speechSchema, req);
      accepted(res, await starter.start({ owner_id: userOf(res), type: 'voiceover', input, under: [] }));
    },
  });
  return router;
}
