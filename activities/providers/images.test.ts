import { MEDIA_TYPES, PAGE } from './__fixtures__/page';
import { ProviderError } from './error';
import { requireImage } from './images';

const LIMITS = { bytes: 1_000_000, side: 1_000, pixels: 1_000_000 };

test.each(MEDIA_TYPES)('reads the size of %s', (media_type) => {
  const size = requireImage('p', { image: PAGE[media_type], media_type }, LIMITS);
  expect(size).toEqual({ width: 760, height: 300 });
});

/** RIFF, its length, WEBP, the kind of the first block, its length, its first bytes. */
const webp = (kind: string, ...block: number[]) =>
  Buffer.concat([
    Buffer.from(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0`, 'latin1'),
    Buffer.from(block),
    Buffer.alloc(10),
  ]);

test.each([
  ['lossless', webp('VP8L', 0x2f, 0xf7, 0xc2, 0x4a, 0x00), { width: 760, height: 300 }],
  ['extended', webp('VP8X', 0, 0, 0, 0, 0xf7, 0x02, 0, 0x2b, 0x01, 0), { width: 760, height: 300 }],
])('reads the size of %s webp', (_kind, image, size) => {
  expect(requireImage('p', { image, media_type: 'image/webp' }, LIMITS)).toEqual(size);
});

test('skips what a camera writes before the picture, a thumbnail with a size of its own too', () => {
  const thumbnail = Buffer.from([
    0xff, 0xe1, 0x00, 0x0b, 0xff, 0xc0, 0x00, 0x11, 0x08, 0x00, 0x10, 0x00, 0x10,
  ]);
  const fill = Buffer.from([0xff]);
  const [start, rest] = [PAGE['image/jpeg'].subarray(0, 2), PAGE['image/jpeg'].subarray(2)];
  const image = Buffer.concat([start, thumbnail, fill, rest]);
  expect(requireImage('p', { image, media_type: 'image/jpeg' }, LIMITS)).toEqual({ width: 760, height: 300 });
});

test.each([
  ['bytes', { bytes: 100 }, /bytes, of at most 100/],
  ['pixels of a side', { side: 759 }, /760 × 300, of at most 759 a side/],
  ['pixels', { pixels: 200_000 }, /of at most 200000 pixels/],
])('refuses too many %s', (_what, limits, message) => {
  const refuse = () => requireImage('p', { image: PAGE['image/png'], media_type: 'image/png' }, limits);
  expect(refuse).toThrow(message);
  expect(refuse).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ code: 'TOO_LARGE', transient: false }) }),
  );
});

test.each(MEDIA_TYPES)('never fails in another way on a piece of %s', (media_type) => {
  for (let length = 0; length < 1_000; length++) {
    const image = PAGE[media_type].subarray(0, length);
    try {
      requireImage('p', { image, media_type }, {});
    } catch (error) {
      expect(error).toBeInstanceOf(ProviderError);
      expect((error as ProviderError).facts.code).toBe('BAD_IMAGE');
    }
  }
});
