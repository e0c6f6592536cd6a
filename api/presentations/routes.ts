import { contracts } from '../../workflows/contracts';
import { endpoint, type Routes } from '../http/endpoint';
import { effectIdOf } from '../http/idempotency';
import { userOf } from '../http/principal';
import { accepted, ACCEPTED } from '../jobs/accepted';
import { jobTitle } from '../jobs/schemas';
import type { JobStarter } from '../jobs/start';

const presentationSchema = contracts.slides.input.safeExtend({ title: jobTitle });

export const presentationRoutes = ({ starter }: { starter: JobStarter }): Routes => ({
  '/': {
    post: endpoint({
      summary: 'Make slides: the job `slides`, its input in the body itself',
      rule: ['job', 'create'],
      body: presentationSchema,
      answers: ACCEPTED,
      async handle({ res, body: { title, ...input } }) {
        accepted(
          res,
          await starter.start({
            id: effectIdOf(res),
            owner_id: userOf(res),
            type: 'slides',
            input,
            title,
            under: [],
          }),
        );
      },
    }),
  },
});
