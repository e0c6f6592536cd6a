/** The kill switch and the rate of a provider, for the whole fleet: with a reason, written down, and there after restarts. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { EXTRACTIVE } from '../../domain/offer';
import type { Db } from '../../prisma/client';
import { conflict, notFound, unavailable } from '../http/errors';
import { liveOffers } from './offers';
import type { QueueRates } from './queue-rates';

export const settingSchema = z
  .object({
    paused: z.boolean().optional().describe('True: nobody calls it until it is false again'),
    rate_per_s: z
      .number()
      .min(0.01)
      .max(1_000)
      .nullable()
      .optional()
      .describe('Tasks a second for the whole fleet; null: as many as there are'),
    reason: z.string().trim().min(3).max(500).describe('Shown to whoever meets it, and kept'),
  })
  .refine(({ paused, rate_per_s }) => paused !== undefined || rate_per_s !== undefined, {
    error: 'name paused, rate_per_s or both',
    path: ['paused'],
  });

type Setting = z.output<typeof settingSchema>;

export interface ControlDeps {
  readonly db: Db;
  readonly rates: QueueRates;
  readonly onError: (error: unknown) => void;
}

/** What was done, in the words of the table of events. */
const kindsOf = ({ paused, rate_per_s }: Setting): string[] => [
  ...(paused === undefined ? [] : [paused ? 'paused' : 'resumed']),
  ...(rate_per_s === undefined ? [] : [rate_per_s === null ? 'rate_cleared' : 'rate_set']),
];

/** As providers are named everywhere. */
export const providerName = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** What holds now; undefined for a provider that has never been held. */
async function readControl(db: Db, provider: string) {
  const unknown = () => notFound('provider', { hint: 'GET /api/ops/providers lists them' });
  if (!providerName.safeParse(provider).success) throw unknown();
  if (provider === EXTRACTIVE)
    throw conflict('extractive is no vendor that could be held', 'Leave it out of LLM_PROVIDERS instead');
  const control = await db.provider_controls.findUnique({ where: { provider } });
  if (control) return control;
  const { offers } = await liveOffers(db);
  if (!offers.some((offer) => offer.provider === provider)) throw unknown();
  return undefined;
}

/** The engine first: a rate that it does not know would be written down and not hold. */
export async function setControl(
  { db, rates, onError }: ControlDeps,
  { provider, actor, ...setting }: Setting & { provider: string; actor: string },
) {
  const before = await readControl(db, provider);
  const { rate_per_s, paused, reason } = setting;
  if (rate_per_s !== undefined) {
    await rates.set(provider, rate_per_s, reason).catch((error: unknown) => {
      onError(error);
      throw unavailable('Temporal');
    });
  }
  // A pause keeps its reason while something else is set.
  const keeps = before?.paused && paused === undefined ? { reason: before.reason } : { reason };
  const row = { paused, rate_per_s, ...keeps, set_by: actor, set_at: new Date() };
  const events = kindsOf(setting).map((kind) => ({ id: randomUUID(), kind, provider, actor, reason }));
  const [control] = await db.$transaction([
    db.provider_controls.upsert({ where: { provider }, create: { provider, ...row }, update: row }),
    db.provider_events.createMany({ data: events }),
  ]);
  return control;
}
