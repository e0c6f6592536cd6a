import { z } from 'zod';
import { capabilitySchema, capabilitiesOf } from './list';
import { endpoint, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { liveOffers } from '../ops/offers';
import type { Db } from '../../prisma/client';

export interface CapabilityDeps {
  readonly db: Db;
  readonly maxUploadBytes: number;
}

const dataSchema = z.object({
  capabilities: z.array(capabilitySchema),
  limits: z.object({ max_upload_bytes: z.number().int() }),
});

export const capabilityRoutes = ({ db, maxUploadBytes }: CapabilityDeps): Routes => ({
  '/': {
    get: endpoint({
      summary: 'What can be done here, by whom, with which models, voices and limits',
      rule: ['capability', 'read'],
      answers: {
        200: { description: 'By capability, in the order of preference', data: dataSchema },
        ...UNCHANGED,
      },
      async handle({ res }) {
        const { offers } = await liveOffers(db);
        ok(res, { capabilities: capabilitiesOf(offers), limits: { max_upload_bytes: maxUploadBytes } });
      },
    }),
  },
});
