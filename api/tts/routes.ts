import { z } from 'zod';
import { contracts } from '../../workflows/contracts';
import { endpoint, type Routes } from '../http/endpoint';
import { effectIdOf } from '../http/idempotency';
import { userOf } from '../http/principal';
import { accepted, ACCEPTED } from '../jobs/accepted';
import type { JobStarter } from '../jobs/start';

const { text, voice, language, force } = contracts.voiceover.input.shape;

const speechSchema = z.object({ text: text.unwrap(), voice, language, force });

export const ttsRoutes = ({ starter }: { starter: JobStarter }): Routes => ({
  '/speech': {
    post: endpoint({
      summary: 'Speak a text: the job `voiceover` without a source',
      rule: ['job', 'create'],
      body: speechSchema,
      answers: ACCEPTED,
      async handle({ res, body: input }) {
        accepted(
          res,
          await starter.start({
            id: effectIdOf(res),
            owner_id: userOf(res),
            type: 'voiceover',
            input,
            under: [],
          }),
        );
      },
    }),
  },
});
