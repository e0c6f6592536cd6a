import { z } from 'zod';
import { contracts } from '../../workflows/contracts';

const { language, quality } = contracts.transcribe.input.shape;

/** The form's fields beside the file. */
export const uploadFieldsSchema = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  language,
});

/** The same, when the recording is to be transcribed at once; a form knows strings only. */
export const transcribeFieldsSchema = uploadFieldsSchema.extend({
  quality,
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

export type UploadFields = z.output<typeof uploadFieldsSchema>;

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
