import { z } from 'zod';

/** What a worker can do with one provider in one capability, or what it lacks for it. */
export const offerSchema = z.object({
  capability: z.string(),
  provider: z.string(),
  model: z.string().nullable(),
  quality: z.string().nullable(),
  available: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half_open']),
  /** Why it is not available, and what to do about it. */
  reason: z.string().nullable(),
  cure: z.string().nullable(),
  /** BCP 47 primary subtags; null where the provider decides by itself. */
  languages: z.array(z.string()).nullable(),
  /** Seconds of audio that one call takes. */
  max_window_s: z.number().nullable(),
});

export type Offer = z.output<typeof offerSchema>;
