/** What a picture's first bytes say of it, and the limits of those who look at it. Nothing is decoded. */
import { unasked } from './error';
import type { OcrEngine } from './spec';

type Picture = Pick<Parameters<OcrEngine['recognize']>[0], 'image' | 'media_type'>;

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ImageLimits {
  readonly bytes?: number;
  /** Pixels of the longer side. */
  readonly side?: number;
  readonly pixels?: number;
}

/** Fails for what is no picture of that type, or a larger one than the provider takes. */
export function requireImage(provider: string, { image, media_type }: Picture, limits: ImageLimits): Size {
  const size = SIZES[media_type](Buffer.from(image.buffer, image.byteOffset, image.byteLength));
  if (!size || size.width === 0 || size.height === 0)
    throw unasked(provider, { code: 'BAD_IMAGE', what: `the file is not a readable ${media_type}` });
  const excess = excessOf({ bytes: image.byteLength, ...size }, limits);
  if (excess) throw unasked(provider, { code: 'TOO_LARGE', what: excess, hint: 'Send a smaller picture.' });
  return size;
}

function excessOf(
  { bytes, width, height }: Size & { bytes: number },
  { bytes: maxBytes = Infinity, side = Infinity, pixels = Infinity }: ImageLimits,
): string | undefined {
  if (bytes > maxBytes) return `the picture has ${bytes} bytes, of at most ${maxBytes}`;
  if (Math.max(width, height) > side) return `the picture is ${width} × ${height}, of at most ${side} a side`;
  return width * height > pixels
    ? `the picture is ${width} × ${height}, of at most ${pixels} pixels`
    : undefined;
}

const SIZES: Readonly<Record<Picture['media_type'], (bytes: Buffer) => Size | undefined>> = {
  'image/png': sizeOfPng,
  'image/jpeg': sizeOfJpeg,
  'image/webp': sizeOfWebp,
};

/** https://www.w3.org/TR/png-3/#11IHDR */
function sizeOfPng(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** In the first start-of-frame segment: C0…CF without the tables C4, C8 and CC. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1.1 */
function sizeOfJpeg(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // A marker may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** Lossy, lossless and extended files say it in three ways: https://developers.google.com/speed/webp/docs/riff_container */
function sizeOfWebp(bytes: Buffer): Size | undefined {
  if (bytes.length < 30 || !/^RIFF[^]{4}WEBP$/.test(bytes.toString('latin1', 0, 12))) return undefined;
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
