import type { Deck, Slide } from '../../domain/deck';
import type { Metrics } from './metrics';

export interface SlidePicture {
  readonly data: Uint8Array;
  /** `image/png` or `image/jpeg`. */
  readonly media_type: string;
  /** Photographer and licence, printed under the picture. */
  readonly credit?: string;
}

/** What a deck in any format is made from. */
export interface DeckInput {
  readonly deck: Deck;
  /** By slide id. */
  readonly pictures: ReadonlyMap<string, SlidePicture>;
  readonly metrics: Metrics;
}

/** A slide without its picture takes the whole width. */
export const withPictureOrWide = (slide: Slide, pictures: DeckInput['pictures']): Slide =>
  slide.picture && !pictures.has(slide.id) ? { ...slide, picture: undefined } : slide;

export const altOf = (slide: Slide): string => slide.picture?.alt ?? slide.title;
