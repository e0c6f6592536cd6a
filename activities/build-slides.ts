import type { Db } from '../prisma/client';
import { buildPptx } from './deck/pptx';
import { readDeck, type DeckBlobs, type DeckReader } from './read-deck';
import { saveArtifact } from './save-artifact';

export interface BuildSlidesInput extends DeckBlobs {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  /** Of the text and the pictures. */
  readonly disclosure?: string | null;
}

export const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

export function createBuildSlidesActivities({ db, blobs, loadMetrics }: DeckReader & { readonly db: Db }) {
  return {
    /** Writes the deck as PowerPoint: native text, notes, pictures. */
    async buildSlides(input: BuildSlidesInput): Promise<{ pptx: string; bytes: number }> {
      const read = await readDeck({ blobs, loadMetrics }, input);
      const pptx = await buildPptx(read);
      const { provider, model, quality, language, title } = read.deck;
      const { job_id, owner_id, source_id: content_id, disclosure = null } = input;
      const facts = { job_id, owner_id, content_id, kind: 'deck', language } as const;
      const metadata = { provider, model, quality, disclosure };
      const file = { media_type: PPTX, file_name: `${title}.pptx`, metadata };
      const { blob } = await saveArtifact({ db, blobs }, { ...facts, ...file }, pptx);
      return { pptx: blob, bytes: pptx.byteLength };
    },
  };
}
