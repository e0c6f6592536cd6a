import { z } from 'zod';

const uuid = z.uuid();
const force = z.boolean().default(false).describe('Make everything anew instead of using finished steps');

const recognition = {
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a BCP 47 tag such as en or de-CH')
    .optional()
    .describe('What is spoken; recognised when absent'),
  quality: z.enum(['fast', 'standard']).default('standard'),
};

const source_id = uuid.describe('From POST /api/content/uploads');
const artifact_id = uuid.describe('What an earlier job has made of it');

/** Most jobs begin with a source, or further on with an artifact of an earlier job. */
const subject = {
  source_id: source_id.optional(),
  artifact_id: artifact_id.optional(),
  force,
  ...recognition,
};

/** Exactly one of the fields must be there. */
const oneOf =
  (...names: readonly string[]) =>
  (input: object): boolean =>
    names.filter((name) => (input as Record<string, unknown>)[name] !== undefined).length === 1;

const one = { error: 'name exactly one of source_id and artifact_id', path: ['source_id'] };

const theme = z.enum(['light', 'dark']).default('light');
const voice = z.string().max(100).optional();

const provenance = {
  ...{ provider: z.string(), model: z.string(), quality: z.string() },
  /** "made by … instead of …, because …"; null where the first choice made it. */
  disclosure: z.string().nullable(),
};

const transcribed = z.object({
  transcription_id: uuid,
  language: z.string(),
  duration_s: z.number(),
  words: z.number().int(),
  ...provenance,
});
const embedded = z.object({
  collection: z.string(),
  passages: z.number().int(),
  dimension: z.number().int(),
  ...provenance,
});
const summarized = z.object({
  title: z.string(),
  key_points: z.number().int(),
  sections: z.number().int(),
  key_terms: z.number().int(),
  ...provenance,
});
const presented = z.object({
  title: z.string(),
  slides: z.number().int(),
  pictures: z.number().int(),
  /** Of the pictures. */
  disclosure: z.string().nullable(),
});
const spoken = z.object({ voices: z.number().int(), duration_s: z.number(), ...provenance });
const narrated = z.object({
  title: z.string(),
  slides: z.number().int(),
  voices: z.number().int(),
  /** Of the whole deck, pauses included. */
  duration_s: z.number(),
  /** False where the film was lost; a warning then tells why. */
  video: z.boolean(),
});

const checked = z.object({
  ...{ capability: z.string(), provider: z.string(), model: z.string().nullable(), ok: z.boolean() },
  /** Why it is not well; null where it is. */
  ...{ code: z.string().nullable(), message: z.string().nullable(), hint: z.string().nullable() },
  took_s: z.number(),
});

/** Job type → what it takes and what it gives. The key is the workflow's name, its file and the word in the Web UI. */
export const contracts = {
  transcribe: { input: z.object({ source_id, force, ...recognition }), output: transcribed },
  embed: { input: z.object(subject).refine(oneOf('source_id', 'artifact_id'), one), output: embedded },
  summarize: { input: z.object(subject).refine(oneOf('source_id', 'artifact_id'), one), output: summarized },
  slides: {
    input: z.object({ ...subject, theme }).refine(oneOf('source_id', 'artifact_id'), one),
    output: presented,
  },
  voiceover: {
    input: z
      .object({ ...subject, theme, voice, text: z.string().trim().min(1).max(20_000).optional() })
      .refine(oneOf('source_id', 'artifact_id', 'text'), {
        error: 'name exactly one of source_id, artifact_id and text',
        path: ['source_id'],
      }),
    output: spoken,
  },
  narrate: {
    input: z
      .object({
        ...subject,
        theme,
        voice,
        notes: z
          .record(z.string(), z.string().trim().max(5_000))
          .optional()
          .describe('New notes by slide id, for a deck specification; only these slides are spoken anew'),
      })
      .refine(oneOf('source_id', 'artifact_id'), one)
      .refine(({ notes, artifact_id }) => !notes || artifact_id !== undefined, {
        error: 'new notes need the deck specification that they belong to, as artifact_id',
        path: ['notes'],
      }),
    output: narrated,
  },
  preflight: {
    input: z.object({ providers: z.array(z.string()).optional() }),
    output: z.object({ ready: z.boolean(), checks: z.array(checked) }),
  },
  lesson: {
    input: z.object({ source_id, force, ...recognition, theme, voice }),
    output: z.object({
      transcript: transcribed.nullable(),
      vectors: embedded.nullable(),
      summary: summarized.nullable(),
      slides: presented.nullable(),
      voiceover: spoken.nullable(),
      narration: narrated.nullable(),
    }),
  },
} as const;

export type JobType = keyof typeof contracts;
export type JobInput<T extends JobType> = z.output<(typeof contracts)[T]['input']>;
export type JobOutput<T extends JobType> = z.output<(typeof contracts)[T]['output']>;
