/** Answers as Pexels's reference documents them: https://www.pexels.com/api/documentation/#photos-search */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jsonAnswer, startVendorServer, type Routes, type VendorServer } from './vendor-server';

export const KEY = 'a-key-of-pexels';

const PHOTO = '/photos/1072179/pexels-photo-1072179.jpeg';
const jpeg = readFileSync(path.join(__dirname, 'photo.jpg'));

function found(src: string, id: number) {
  const landscape = `${src}?auto=compress&cs=tinysrgb&fit=crop&h=627&w=1200`;
  return {
    ...{ id, width: 6_000, height: 4_000, url: `https://www.pexels.com/photo/${id}/`, liked: false },
    ...{ photographer: `Photographer ${id}`, photographer_url: 'https://www.pexels.com/@one' },
    ...{ photographer_id: 7, avg_color: '#557A4B', alt: 'A leaf', src: { original: src, landscape } },
  };
}

/** `elsewhere` is where photos are said to lie, which else is this server. */
export async function startPexelsServer(elsewhere?: string): Promise<VendorServer> {
  const routes: Routes = {
    'GET /v1/search': (_body, { url, headers }) => {
      if (headers.authorization !== KEY) return jsonAnswer({ error: 'Unauthorized' }, 401);
      const asked = new URL(url ?? '/', 'http://localhost').searchParams;
      const count = asked.get('query') === 'nothing' ? 0 : Number(asked.get('per_page') ?? 15);
      const origin = elsewhere ?? `http://${headers.host}`;
      const photos = Array.from({ length: count }, (_, index) => found(origin + PHOTO, index + 1));
      return jsonAnswer({ total_results: count, page: 1, per_page: count, photos });
    },
    [`GET ${PHOTO}`]: (_body, { headers }) => {
      if (headers.authorization) return jsonAnswer({ error: 'who is this key for?' }, 400);
      return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: jpeg };
    },
  };
  return startVendorServer(routes);
}
