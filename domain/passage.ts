import { z } from 'zod';

/** A searchable stretch of text, cut at sentence ends. */
export const passageSchema = z.object({
  /** Stable within its source: `p1`, `p2`, … */
  id: z.string(),
  text: z.string().min(1),
  /** Seconds of the recording; absent for text sources. */
  start_s: z.number().nonnegative().optional(),
  end_s: z.number().nonnegative().optional(),
});

export const passagesSchema = z.object({
  schema: z.literal('passages/1'),
  language: z.string(),
  passages: z.array(passageSchema),
});

export type Passage = z.output<typeof passageSchema>;
export type Passages = z.output<typeof passagesSchema>;
