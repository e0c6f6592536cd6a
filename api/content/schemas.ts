import { z } from 'zod';

/** The form's fields beside the file. */
export const uploadFieldsSchema = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a BCP 47 tag such as en or de-CH')
    .optional(),
});

export const contentSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['audio', 'video', 'text']),
  title: z.string(),
  file_name: z.string(),
  media_type: z.string(),
  bytes: z.number().int(),
  language: z.string().nullable(),
  created_at: z.iso.datetime(),
});

export type Content = z.output<typeof contentSchema>;
