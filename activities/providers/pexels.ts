/** Photos for slides: https://www.pexels.com/api/documentation/ */
import { z } from 'zod';
import { ProviderError } from './error';
import { badAnswer, vendorHttp, type Timeouts, type VendorHttp } from './http';
import type { Illustrator } from './spec';

const PROVIDER = 'pexels';

export interface PexelsSettings {
  readonly apiKey: string;
  /** `https://api.pexels.com` */
  readonly baseUrl?: string;
  /** Where photos lie, which is not where they are searched; photos elsewhere are not fetched. */
  readonly imageOrigin?: string;
  readonly timeouts?: Timeouts;
}

const TIMEOUTS: Timeouts = { firstByteMs: 15_000, totalMs: 60_000 };

/** The form that a slide has room for; the vendor cuts to it. */
const FORM = { fit: 'crop', w: '1200', h: '900' };

/** So that neighbouring slides with the same words do not all show the first photo. */
const CANDIDATES = 15;

const photoSchema = z.object({
  photographer: z.string(),
  src: z.object({ landscape: z.url() }),
});
const searchSchema = z.object({ photos: z.array(photoSchema) });

type Photo = z.output<typeof photoSchema>;

/** Who exceeds the hour or the month is told when the budget is there again, in Unix seconds. */
function retryAfterOf(headers: Headers, nowMs: number): string | null {
  const resetS = Number(headers.get('x-ratelimit-reset') ?? NaN);
  return Number.isNaN(resetS) ? null : String(Math.max(0, Math.ceil(resetS - nowMs / 1_000)));
}

export function pexels({ apiKey, timeouts = TIMEOUTS, ...settings }: PexelsSettings): Illustrator {
  const { baseUrl = 'https://api.pexels.com', imageOrigin = 'https://images.pexels.com' } = settings;
  const headers = { authorization: apiKey };
  const search = vendorHttp({ provider: PROVIDER, baseUrl, headers, timeouts, retryAfterOf });
  // The key is not for those who keep the photos.
  const photos = vendorHttp({ provider: PROVIDER, baseUrl: imageOrigin, timeouts });
  return {
    provider: PROVIDER,
    model: 'photos/v1',
    quality: 'standard',
    async illustrate({ picture, signal }) {
      const photo = await findPhoto(search, picture, signal);
      const { photographer, src } = photo;
      const { bytes: image } = await photos.forBytes({ path: pathOf(src.landscape, imageOrigin), signal });
      if (image[0] !== 0xff || image[1] !== 0xd8) throw badAnswer(PROVIDER, 'the photo is no JPEG');
      // The guidelines ask for the photographer's name and the vendor's.
      const credit = `Photo: ${photographer}, Pexels (Pexels licence)`;
      return { image, media_type: 'image/jpeg', credit };
    },
  };
}

async function findPhoto(
  search: VendorHttp,
  { query, alt }: { query: string; alt: string },
  signal: AbortSignal,
): Promise<Photo> {
  const asked = new URLSearchParams({ query, orientation: 'landscape', per_page: String(CANDIDATES) });
  const { photos } = await search.forJson({ path: `/v1/search?${asked.toString()}`, signal }, searchSchema);
  const photo = photos[numberOf(alt) % Math.max(1, photos.length)];
  if (photo) return photo;
  const facts = { provider: PROVIDER, code: 'NO_PHOTO', transient: false };
  throw new ProviderError(`${PROVIDER}: there is no photo of "${query}"`, facts);
}

/** The same picture is given for the same slide, another for another. */
const numberOf = (text: string): number =>
  [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 0);

/** A search result may not send us anywhere else. */
function pathOf(url: string, imageOrigin: string): string {
  const photo = new URL(url);
  if (photo.origin !== new URL(imageOrigin).origin)
    throw badAnswer(PROVIDER, `a photo lies at ${photo.origin}`);
  for (const [name, value] of Object.entries(FORM)) photo.searchParams.set(name, value);
  return photo.pathname + photo.search;
}
