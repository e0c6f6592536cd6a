/** A page of three printed lines, as each kind of picture that is read, and one with nothing on it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const WIDTH = 760;
export const HEIGHT = 300;

export const PAGE_TEXT = [
  'Plants turn light into sugar.',
  'It happens in the chloroplasts.',
  '',
  'Oxygen leaves the leaf through its pores.',
].join('\n');

const read = (name: string): Buffer => readFileSync(join(__dirname, name));

export const PAGE = {
  'image/png': read('page.png'),
  'image/jpeg': read('page.jpg'),
  'image/webp': read('page.webp'),
} as const;

export const MEDIA_TYPES = Object.keys(PAGE) as (keyof typeof PAGE)[];

export const BLANK = { image: read('blank.png'), media_type: 'image/png' } as const;

/** What a model that sees answers: it knows this page, and finds nothing on any other. */
export function seen(image: Uint8Array): string {
  const isKnown = Object.values(PAGE).some((page) => page.equals(image));
  return isKnown ? PAGE_TEXT : '[nothing written]';
}
