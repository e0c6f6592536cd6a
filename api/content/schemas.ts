import { z } from 'zod';
import { contracts } from '../../workflows/contracts';
import { parse } from '../http/validate';

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

/** The same in the metadata of a resumable upload, whose names are those of tus clients; others are left alone. */
const metadataSchema = uploadFieldsSchema.extend({ filename: z.string().optional() });

/** A key of tus metadata may stand without a value. */
export const metadataFieldsOf = (metadata: Readonly<Record<string, string | null>>) =>
  parse(metadataSchema, Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null)), [
    'Upload-Metadata',
  ]);

/** A resumable upload: where it stands, and what it has become. */
export const uploadSchema = z.object({
  id: z.uuid(),
  offset: z.number().int().describe('Bytes that are here'),
  length: z.number().int().describe('Bytes of the whole file'),
  expires_at: z.iso.datetime().nullable().describe('When it goes if it is not finished'),
  content_id: z.uuid().nullable().describe('What it has become'),
});

export type UploadState = z.output<typeof uploadSchema>;

export const contentSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['audio', 'video', 'text', 'photo', 'document']),
  title: z.string(),
  file_name: z.string(),
  media_type: z.string(),
  bytes: z.number().int(),
  language: z.string().nullable(),
  created_at: z.iso.datetime(),
});

export type Content = z.output<typeof contentSchema>;
