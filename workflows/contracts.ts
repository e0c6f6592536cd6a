import { z } from 'zod';

const uuid = z.uuid();
const force = z.boolean().default(false).describe('Make everything anew instead of using finished steps');

const source = { source_id: uuid.describe('From POST /api/content/uploads'), force };

const recognition = {
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a BCP 47 tag such as en or de-CH')
    .optional()
    .describe('What is spoken; recognised when absent'),
  quality: z.enum(['fast', 'standard']).default('standard'),
};

/** Job type → what it takes and what it gives. The key is the workflow's name, its file and the word in the Web UI. */
export const contracts = {
  transcribe: {
    input: z.object({ ...source, ...recognition }),
    output: z.object({
      transcription_id: uuid,
      language: z.string(),
      duration_s: z.number(),
      words: z.number().int(),
      provider: z.string(),
      model: z.string(),
      quality: z.string(),
    }),
  },
} as const;

export type JobType = keyof typeof contracts;
export type JobInput<T extends JobType> = z.output<(typeof contracts)[T]['input']>;
export type JobOutput<T extends JobType> = z.output<(typeof contracts)[T]['output']>;
