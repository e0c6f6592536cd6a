import { z } from 'zod';

/** A statement and the passages it rests on. */
const pointSchema = z.object({ text: z.string().min(1), passages: z.array(z.string()).min(1) });

export const summarySchema = z.object({
  schema: z.literal('summary/1'),
  language: z.string(),
  title: z.string().min(1),
  abstract: z.string(),
  key_points: z.array(pointSchema),
  outline: z.array(
    z.object({ title: z.string().min(1), points: z.array(pointSchema), passages: z.array(z.string()) }),
  ),
  key_terms: z.array(
    z.object({ term: z.string().min(1), definition: z.string(), passages: z.array(z.string()).min(1) }),
  ),
  provider: z.string(),
  model: z.string(),
  quality: z.string(),
});

export type Point = z.output<typeof pointSchema>;
export type Summary = z.output<typeof summarySchema>;
