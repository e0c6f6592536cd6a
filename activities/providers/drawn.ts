import { Resvg } from '@resvg/resvg-js';
import { drawPicture, textOf } from '../deck/draw';
import type { Metrics } from '../deck/metrics';
import { ProviderError } from './error';
import type { Illustrator } from './spec';

export interface DrawnSettings {
  /** Reads the fonts at the first call. */
  readonly loadMetrics: () => Promise<Metrics>;
}

/** Diagrams made from the slide's own words: no network, no key. A picture takes about a fifth of a second. */
export function drawn({ loadMetrics }: DrawnSettings): Illustrator {
  let loading: Promise<Metrics> | undefined;
  const metricsOnce = () =>
    (loading ??= loadMetrics().catch((error: unknown) => {
      loading = undefined;
      throw failure('the fonts cannot be read', 'FONTS_MISSING', 'npm ci', error);
    }));

  return {
    provider: 'drawn',
    model: 'svg/1',
    quality: 'standard',

    async illustrate({ picture, theme, signal }) {
      signal.throwIfAborted();
      const metrics = await metricsOnce();
      signal.throwIfAborted();
      if (!metrics.covers(textOf(picture))) {
        throw failure(
          'its fonts lack characters of this picture',
          'SCRIPT_UNSUPPORTED',
          'Use a photo provider',
        );
      }
      const { svg } = drawPicture(picture, theme, metrics);
      const image = new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
      return { image, media_type: 'image/png' };
    },
  };
}

const failure = (reason: string, code: string, hint: string, cause?: unknown): ProviderError =>
  new ProviderError(`drawn: ${reason}`, { provider: 'drawn', code, transient: false, hint }, { cause });
