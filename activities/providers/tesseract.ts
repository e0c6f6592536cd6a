import { dirname, join } from 'node:path';
import { createEngine } from './engine';
import type { TesseractRequest } from './engines/tesseract';
import { permanent, unasked } from './error';
import { requireImage } from './images';
import type { OcrEngine, PageText } from './spec';

const PROVIDER = 'tesseract';

export interface TesseractSettings {
  readonly processes: number;
  readonly idleMs: number;
  /** Holds `eng.traineddata.gz`; without it, the data that is installed with us. */
  readonly dataDir?: string;
}

/** Integers instead of floats: a quarter of the size, and as good. */
const FLAVOUR = '4.0.0_best_int';

const installedData = (): string =>
  join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), FLAVOUR);

/** Its own limit is 32,767 a side; so many pixels take 500 MB for some seconds. */
const LIMITS = { side: 32_767, pixels: 50_000_000 };

/**
 * Tesseract 5 as WebAssembly, in child processes of about 180 MB: printed English, with the place of each word.
 * Handwriting, formulas and text on photos are beyond it.
 */
export function tesseractOcr({ processes, idleMs, dataDir = installedData() }: TesseractSettings): OcrEngine {
  const engine = createEngine<TesseractRequest, PageText | 'unreadable'>({
    provider: PROVIDER,
    script: 'tesseract',
    load: { dataDir },
    files: [join(dataDir, 'eng.traineddata.gz')],
    ...{ processes, idleMs },
  });
  const languages = ['en'];
  return {
    provider: PROVIDER,
    model: `eng-${FLAVOUR}`,
    quality: 'basic',
    version: 1,
    languages,
    async recognize({ image, media_type, language, signal }) {
      signal.throwIfAborted();
      if (language !== undefined && !languages.includes(language))
        throw unasked(PROVIDER, {
          code: 'LANGUAGE_UNSUPPORTED',
          what: `does not read "${language}"`,
          hint: 'It reads en.',
        });
      requireImage(PROVIDER, { image, media_type }, LIMITS);
      const page = await engine.run({ image }, signal);
      if (page === 'unreadable')
        throw permanent(PROVIDER, { code: 'BAD_IMAGE', what: `the ${media_type} is damaged` });
      return page;
    },
  };
}
