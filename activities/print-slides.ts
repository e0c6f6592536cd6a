import type { Db } from '../prisma/client';
import { currentCall } from './call';
import type { FontFiles } from './deck/metrics';
import { scenePdf } from './deck/scene-pdf';
import { drawableScenes, readDeck, type DeckBlobs, type DeckReader } from './read-deck';
import { saveArtifact } from './save-artifact';

export interface PrintSlidesInput extends DeckBlobs {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
}

interface PrintSlidesDeps extends DeckReader {
  readonly db: Db;
  readonly loadFontFiles: () => Promise<FontFiles>;
}

export function createPrintActivities({ db, blobs, loadMetrics, loadFontFiles }: PrintSlidesDeps) {
  return {
    /** Writes the deck as PDF: a page per slide, text that can be selected and read aloud. */
    async printSlides(input: PrintSlidesInput): Promise<{ bytes: number }> {
      const read = await readDeck({ blobs, loadMetrics }, input);
      const { title, language, provider, model, quality } = read.deck;
      const scenes = drawableScenes(read);
      const { signal } = currentCall();
      const pdf = await scenePdf({ scenes, title, language, fonts: await loadFontFiles(), signal });
      const { job_id, owner_id, source_id: content_id } = input;
      const facts = { job_id, owner_id, content_id, kind: 'deck_pdf', language } as const;
      const metadata = { provider, model, quality };
      const file = { media_type: 'application/pdf', file_name: `${title}.pdf`, metadata };
      await saveArtifact({ db, blobs }, { ...facts, ...file }, pdf);
      return { bytes: pdf.byteLength };
    },
  };
}
