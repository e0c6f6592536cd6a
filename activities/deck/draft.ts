/** What the planning of a deck's parts shares. */
import type { Slide } from '../../domain/deck';
import type { Point, Summary } from '../../domain/summary';
import type { Narrator } from './narrate';
import { isChatter, overlap, sentenceKey } from './sentences';
import { shortPhrase } from './shorten';

export const MOST_BULLETS = 5;
/** Two bullets this alike say the same. */
const ALIKE = 0.85;

/** A slide before it has a number. */
export type Draft = Omit<Slide, 'id'>;
export interface DraftSection {
  readonly title: string;
  readonly slides: readonly Draft[];
}

export interface Plan {
  readonly summary: Summary;
  readonly narrator: Narrator;
  /** A heading as it reads within a sentence. */
  readonly within: (heading: string) => string;
}

export interface Said {
  readonly point: Point;
  readonly bullet: string;
}

/** Bullets of the points, without those that repeat another one. */
export function bulletsOf(points: readonly Point[], language: string): Said[] {
  const said: Said[] = [];
  const telling = points.filter(({ text }) => !isChatter(text));
  for (const point of telling.length > 0 ? telling : points) {
    const bullet = shortPhrase(point.text, language);
    const isNew = said.every(
      (other) =>
        sentenceKey(other.bullet) !== sentenceKey(bullet) && overlap(other.point.text, point.text) < ALIKE,
    );
    if (bullet && isNew) said.push({ point, bullet });
  }
  return said;
}
