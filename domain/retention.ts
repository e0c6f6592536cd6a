/**
 * How long an artifact stays: part of what a client is told of it (`expires_at`).
 * `kept`: until its owner erases it. `derived`: for a term after it was made; the largest files,
 * which one call makes again from what is kept (a film: `narrate` with the job's deck specification).
 */
import type { ArtifactKind } from './artifact';

export type Retention = 'kept' | 'derived';

export const retentionOf: Readonly<Record<ArtifactKind, Retention>> = {
  transcript: 'kept',
  transcript_text: 'kept',
  captions_srt: 'kept',
  captions_vtt: 'kept',
  passages: 'kept',
  summary: 'kept',
  deck_spec: 'kept',
  deck: 'kept',
  deck_pdf: 'kept',
  voiceover: 'kept',
  narrated_deck: 'kept',
  narration_captions: 'kept',
  video: 'derived',
};

export const derivedKinds = (Object.keys(retentionOf) as ArtifactKind[]).filter(
  (kind) => retentionOf[kind] === 'derived',
);
