import { z } from 'zod';

export const wordSchema = z.object({
  text: z.string(),
  /** Seconds from the start of the recording. */
  start_s: z.number().nonnegative(),
  end_s: z.number().nonnegative(),
});

export const segmentSchema = z.object({
  id: z.number().int().nonnegative(),
  text: z.string(),
  start_s: z.number().nonnegative(),
  end_s: z.number().nonnegative(),
  /** Only where the engine gives word times. */
  words: z.array(wordSchema).optional(),
});

/** What was said, in order; segments never overlap. */
export const transcriptSchema = z.object({
  schema: z.literal('transcript/1'),
  /** BCP 47 primary subtag. */
  language: z.string(),
  duration_s: z.number().nonnegative(),
  text: z.string(),
  segments: z.array(segmentSchema),
  provider: z.string(),
  model: z.string(),
  quality: z.string(),
});

export type Word = z.output<typeof wordSchema>;
export type Segment = z.output<typeof segmentSchema>;
export type Transcript = z.output<typeof transcriptSchema>;
