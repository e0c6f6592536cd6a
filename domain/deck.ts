import { z } from 'zod';

/** Six-digit RGB without `#`, as OOXML writes it. */
const color = z.string().regex(/^[0-9A-F]{6}$/);

export const themeSchema = z.object({
  name: z.string(),
  /** Font family of titles and body; measured with the metrics of its free twin. */
  font: z.string(),
  background: color,
  text: color,
  muted: color,
  accent: color,
  accent2: color,
});

/**
 * What a slide's picture shows. Drawn pictures are made from the slide's own content;
 * a stock-photo provider searches with `query` and ignores the rest.
 */
export const pictureSchema = z.object({
  kind: z.enum(['process', 'cycle', 'hub', 'comparison', 'definition', 'timeline']),
  /** Short labels in reading order, one to eight. */
  labels: z.array(z.string().min(1)).min(1).max(8),
  /** What stands in the middle of a hub or above a definition. */
  center: z.string().optional(),
  query: z.string(),
  /** Alternative text for people who cannot see it. */
  alt: z.string().min(1),
});

export const slideSchema = z.object({
  /** Stable within the deck: `s1`, `s2`, … */
  id: z.string(),
  layout: z.enum(['title', 'content', 'recap']),
  /** Unique in the deck. */
  title: z.string().min(1),
  subtitle: z.string().optional(),
  bullets: z.array(z.string().min(1)),
  picture: pictureSchema.optional(),
  /** Speaker notes: what the narration says. */
  notes: z.string(),
  /** Passage ids that the slide rests on. */
  passages: z.array(z.string()),
});

/** A deck before any file format: what to show, what to say, and where it comes from. */
export const deckSchema = z.object({
  schema: z.literal('deck/1'),
  title: z.string().min(1),
  /** BCP 47. */
  language: z.string(),
  theme: themeSchema,
  sections: z.array(z.object({ title: z.string(), slide_ids: z.array(z.string()) })),
  slides: z.array(slideSchema).min(1),
  provider: z.string(),
  model: z.string(),
  quality: z.string(),
});

export type Theme = z.output<typeof themeSchema>;
export type Picture = z.output<typeof pictureSchema>;
export type Slide = z.output<typeof slideSchema>;
export type Deck = z.output<typeof deckSchema>;
