import { z } from 'zod';

export const artifactKinds = [
  'transcript',
  'transcript_text',
  'captions_srt',
  'captions_vtt',
  'passages',
  'summary',
  'deck_spec',
  'deck',
  'deck_pdf',
  'voiceover',
  'narrated_deck',
  'narration_captions',
  'video',
] as const;

export type ArtifactKind = (typeof artifactKinds)[number];

/** Who made it and how well; carried wherever a result is shown. */
export const provenanceSchema = z.object({
  provider: z.string(),
  model: z.string(),
  quality: z.string(),
  /** "made by … instead of …, because …"; null where the first choice made it. */
  disclosure: z.string().nullable().default(null),
});

export type Provenance = z.output<typeof provenanceSchema>;

/** An artifact as a job lists it. */
export const artifactLinkSchema = z.object({
  id: z.uuid(),
  kind: z.enum(artifactKinds),
  media_type: z.string(),
  bytes: z.number().int().nonnegative(),
  href: z.string(),
  /** When it is removed; null: not before its owner erases it, or its job has not ended yet. */
  expires_at: z.iso.datetime().nullable(),
  /** Null where nobody but ourselves had a part in it. */
  provenance: provenanceSchema.nullable(),
});

export type ArtifactLink = z.output<typeof artifactLinkSchema>;
