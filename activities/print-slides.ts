import type { Db } from '../prisma/client';
import type { BuildSlidesInput } from './build-slides';
import { currentCall } from './call';
import type { FontFiles } from './deck/metrics';
import { scenePdf } from './deck/scene-pdf';
import { drawableScenes, readDeck, type DeckReader } from './read-deck';
import { saveArtifact } from './save-artifact';

interface PrintSlidesDeps extends DeckReader {
  readonly db: Db;
  readonly loadFontFiles: () => Promise<FontFiles>;
}

export function createPrintActivities({ db, blobs, loadMetrics, loadFontFiles }: PrintSlidesDeps) {
  return {
    /** Writes the deck as PDF: a page per slide, text that can be selected and read aloud. */
    async printSlides(input: BuildSlidesInput): Promise<{ bytes: number }> {
      const read = await readDeck({ blobs, loadMetrics }, input);
      const { title, language, provider, model, quality } = read.deck;
      const scenes = drawableScenes(read);
      const { signal } = currentCall();
      const pdf = await scenePdf({ scenes, title, language, fonts: await loadFontFiles(), signal });
      const { job_id, owner_id, source_id: content_id, disclosure = null } = input;
      const facts = { job_id, owner_id, content_id, kind: 'deck_pdf', language } as const;
      const metadata = { provider, model, quality, disclosure };
      const file = { media_type: 'application/pdf', file_name: `${title}.pdf`, metadata };
      await saveArtifact({ db, blobs }, { ...facts, ...file }, pdf);
      return { bytes: pdf.byteLength };
    },
  };
}
