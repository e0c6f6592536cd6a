import { deckSchema, pictureSchema, type Picture, type Theme } from '../domain/deck';
import type { Blobs } from '../store/blobs';
import { currentCall } from './call';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';

export interface DrawPictureInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly deck: string;
  readonly slide_id: string;
}

export interface DrawnPicture {
  readonly slide_id: string;
  /** Blob. */
  readonly image: string;
  readonly media_type: string;
  readonly credit: string | null;
}

const VERSION = 1;

export function createDrawActivities({
  blobs,
  once,
  providers,
}: {
  blobs: Blobs;
  once: Once;
  providers: Providers;
}) {
  async function pictureOf(deck: string, slide_id: string): Promise<{ picture: Picture; theme: Theme }> {
    const { slides, theme } = await readJson(blobs, deck, deckSchema);
    const slide = slides.find(({ id }) => id === slide_id);
    return { picture: pictureSchema.parse(slide?.picture), theme };
  }

  return {
    /** Makes one slide's picture. */
    async drawPicture(input: DrawPictureInput): Promise<DrawnPicture> {
      const illustrator = providers.get('illustrator', input.provider);
      const { provider, model } = illustrator;
      const { owner_id, fresh_for, slide_id } = input;
      const parameters = await pictureOf(input.deck, slide_id);
      const call = currentCall();
      const key = {
        owner_id,
        fresh_for,
        step: 'drawPicture',
        version: VERSION,
        blobs: [],
        parameters,
        provider,
        model,
      };
      const made = await once(key, call, async () => {
        const { image, media_type, credit } = await illustrator.illustrate({
          ...parameters,
          signal: call.signal,
        });
        return { image: (await blobs.put(image)).sha256, media_type, credit: credit ?? null };
      });
      return { slide_id, ...made };
    },
  };
}
