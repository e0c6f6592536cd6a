import { createWorker, PSM, type Page, type Worker } from 'tesseract.js';
import type { PageText } from '../spec';
import { serve } from './serve';

export interface TesseractSettings {
  /** Holds `eng.traineddata.gz`. */
  readonly dataDir: string;
}

export interface TesseractRequest {
  readonly image: Uint8Array;
}

serve(async ({ dataDir }: TesseractSettings) => {
  let starting: Promise<Worker> | undefined;

  return async ({ image }: TesseractRequest): Promise<PageText | 'unreadable'> => {
    const worker = await (starting ??= start(dataDir));
    try {
      const { data } = await worker.recognize(Buffer.from(image), {}, { text: true, blocks: true });
      return pageOf(data);
    } catch (reason) {
      if (/read image/.test(String(reason))) return 'unreadable';
      // Out of memory or worse: what is left of the module is not to be trusted.
      starting = undefined;
      await worker.terminate();
      throw new Error(String(reason), { cause: reason });
    }
  };
});

/** The library's promise never settles when the data cannot be read; only this handler hears of it. */
async function start(dataDir: string): Promise<Worker> {
  const worker = await new Promise<Worker>((resolve, reject) => {
    const errorHandler = (reason: unknown) => reject(new Error(String(reason)));
    const options = { langPath: dataDir, cacheMethod: 'none', gzip: true, errorHandler };
    createWorker('eng', undefined, options).then(resolve, errorHandler);
  });
  // The default takes the whole picture for one block of text.
  await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO });
  return worker;
}

/** Of 0…100, as everything that it says of its certainty. */
const share = (percent: number): number => Math.min(Math.max(percent / 100, 0), 1);

function pageOf({ text, confidence, blocks }: Page): PageText {
  const lines = (blocks ?? []).flatMap(({ paragraphs }) =>
    paragraphs.flatMap((paragraph) => paragraph.lines),
  );
  const words = lines.flatMap((line) =>
    line.words.map((word) => ({
      text: word.text,
      confidence: share(word.confidence),
      box: {
        x: word.bbox.x0,
        y: word.bbox.y0,
        width: word.bbox.x1 - word.bbox.x0,
        height: word.bbox.y1 - word.bbox.y0,
      },
    })),
  );
  return { text: text.trim(), confidence: words.length === 0 ? null : share(confidence), words };
}
