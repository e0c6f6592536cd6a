/** The smallest things that a provider can be asked for. */
import type { Picture, Theme } from '../domain/deck';
import { LIGHT } from './deck/themes';

export const TINY_PICTURE: Picture = { kind: 'definition', labels: ['ready'], query: 'book', alt: 'A book' };

export const TINY_THEME: Theme = LIGHT;

/** 64 × 64 white pixels. */
export const TINY_PNG = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVQoz2P4DwUMo4xRBukMAOPT/hB1CzVqAAAAAElFTkSuQmCC',
    'base64',
  ),
);
