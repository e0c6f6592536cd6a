import { expect, test } from '@jest/globals';
import { imageSize } from './image-size';

/** A start of image, a comment of six bytes, and a frame of 640 × 480. */
const JPEG = Uint8Array.from([
  ...[0xff, 0xd8, 0xff, 0xfe, 0x00, 0x06, 0x61, 0x62, 0x63, 0x64],
  ...[0xff, 0xc0, 0x00, 0x11, 0x08, 0x01, 0xe0, 0x02, 0x80, 0x03],
]);

test('reads a JPEG’s size from its frame', () => {
  expect(imageSize(JPEG)).toEqual({ width: 640, height: 480 });
});

test('refuses a JPEG without a frame and what is no picture', () => {
  expect(() => imageSize(JPEG.slice(0, 10))).toThrow('without a frame');
  expect(() => imageSize(new TextEncoder().encode('no picture at all, only some text'))).toThrow(
    'PNG or JPEG',
  );
});
