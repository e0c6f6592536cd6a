/** What every file made of a deck begins with: its specification, its pictures, the fonts' measures. */
import { deckSchema } from '../domain/deck';
import type { Blobs } from '../store/blobs';
import type { Metrics } from './deck/metrics';
import { scenesOf, textOfScenes, type Scene } from './deck/scene';
import type { DeckInput, SlidePicture } from './deck/slide-picture';
import type { DrawnPicture } from './draw-picture';
import { StepError } from './failures';
import { readJson } from './read-json';

export interface DeckBlobs {
  readonly deck: string;
  readonly pictures: readonly DrawnPicture[];
}

export interface DeckReader {
  readonly blobs: Blobs;
  readonly loadMetrics: () => Promise<Metrics>;
}

async function readPictures(
  blobs: Blobs,
  pictures: readonly DrawnPicture[],
): Promise<Map<string, SlidePicture>> {
  const read = pictures.map(async ({ slide_id, image, media_type, credit }) => {
    const data = await blobs.read(image);
    return [slide_id, { data, media_type, credit: credit ?? undefined }] as const;
  });
  return new Map(await Promise.all(read));
}

export async function readDeck({ blobs, loadMetrics }: DeckReader, named: DeckBlobs): Promise<DeckInput> {
  const [deck, pictures, metrics] = await Promise.all([
    readJson(blobs, named.deck, deckSchema),
    readPictures(blobs, named.pictures),
    loadMetrics(),
  ]);
  return { deck, pictures, metrics };
}

/** The slides as we draw them; a script that our fonts lack is told, rather than drawn as boxes. */
export function drawableScenes(input: DeckInput): Scene[] {
  const scenes = scenesOf(input);
  if (input.metrics.covers(textOfScenes(scenes))) return scenes;
  throw new StepError(
    'SCRIPT_NOT_DRAWN',
    'The fonts at hand have no signs for the writing of this deck',
    'Use the PowerPoint: the program that opens it brings its own fonts',
  );
}
