import { z } from 'zod';

/** What a worker can do with one provider in one capability, or what it lacks for it. */
export const offerSchema = z.object({
  capability: z.string(),
  provider: z.string(),
  model: z.string().nullable(),
  quality: z.string().nullable(),
  /** Whether it stands in its capability's list of providers. */
  configured: z.boolean().default(true),
  available: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half_open']),
  /** Why it is not available, and what to do about it. */
  reason: z.string().nullable(),
  cure: z.string().nullable(),
  /** BCP 47 primary subtags; null where the provider decides by itself. */
  languages: z.array(z.string()).nullable(),
  /** Seconds of audio that one call takes. */
  max_window_s: z.number().nullable(),
  /** Seconds of audio from which the vendor is left to work on its own. */
  batch_from_s: z.number().nullable().default(null),
  voices: z
    .array(z.object({ id: z.string(), name: z.string(), language: z.string() }))
    .nullable()
    .default(null),
  /** Numbers of a vector. */
  dimension: z.number().nullable().default(null),
  /** Whether it answered the latest call in any way; null before the first. */
  reachable: z.boolean().nullable().default(null),
  /** The latest failure's code, and when it came; kept when it has answered again. */
  last_failure: z.object({ code: z.string(), at: z.iso.datetime() }).nullable().default(null),
});

export type Offer = z.output<typeof offerSchema>;

/** Those of a worker's row; what an older or newer worker writes and we cannot read is left out. */
export const readOffers = (row: { readonly offers: unknown }): Offer[] =>
  Array.isArray(row.offers) ? row.offers.flatMap((offer) => offerSchema.safeParse(offer).data ?? []) : [];

export const keyOf = ({ capability, provider }: Pick<Offer, 'capability' | 'provider'>): string =>
  `${capability}/${provider}`;

const rank = ({ configured, available, breaker }: Offer): number =>
  (configured ? 4 : 0) + (available ? 2 : 0) + (breaker === 'open' ? 0 : 1);

/** One for each capability and provider, in their order: what one worker has counts, whatever another lacks. */
export function bestOffers(offers: readonly Offer[]): Offer[] {
  const best = new Map<string, Offer>();
  for (const offer of offers) {
    const known = best.get(keyOf(offer));
    if (!known || rank(offer) > rank(known)) best.set(keyOf(offer), offer);
  }
  return [...best.values()];
}

/** The writer that needs no vendor; it stands in no table of adapters. */
export const EXTRACTIVE = 'extractive';

/** What has nothing to say of itself. */
export const BLANK_OFFER = {
  ...{
    model: null,
    quality: null,
    configured: true,
    available: false,
    breaker: 'closed',
    reason: null,
    cure: null,
  },
  ...{ languages: null, voices: null, dimension: null, max_window_s: null, batch_from_s: null },
  ...{ reachable: null, last_failure: null },
} as const satisfies Partial<Offer>;
