import { deckSchema } from '../domain/deck';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import type { Metrics } from './deck/metrics';
import { buildPptx } from './deck/pptx';
import type { DrawnPicture } from './draw-picture';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';

export interface BuildSlidesInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly deck: string;
  readonly pictures: readonly DrawnPicture[];
}

const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

interface BuildSlidesDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly loadMetrics: () => Promise<Metrics>;
}

export function createBuildSlidesActivities({ db, blobs, loadMetrics }: BuildSlidesDeps) {
  async function readPictures(pictures: readonly DrawnPicture[]) {
    const read = pictures.map(async ({ slide_id, image, media_type, credit }) => {
      const data = await blobs.read(image);
      return [slide_id, { data, media_type, credit: credit ?? undefined }] as const;
    });
    return new Map(await Promise.all(read));
  }

  return {
    /** Writes the deck as PowerPoint: native text, notes, pictures. */
    async buildSlides(input: BuildSlidesInput): Promise<{ bytes: number }> {
      const deck = await readJson(blobs, input.deck, deckSchema);
      const pictures = await readPictures(input.pictures);
      const pptx = await buildPptx({ deck, pictures, metrics: await loadMetrics() });
      const { provider, model, quality, language, title } = deck;
      const { job_id, owner_id, source_id: content_id } = input;
      const facts = { job_id, owner_id, content_id, kind: 'deck', language } as const;
      const file = { media_type: PPTX, file_name: `${title}.pptx`, metadata: { provider, model, quality } };
      await saveArtifact({ db, blobs }, { ...facts, ...file }, pptx);
      return { bytes: pptx.byteLength };
    },
  };
}
