/**
 * Width and height as the first bytes of a photo say them, before anybody decodes it.
 * By hand, since these numbers decide what is refused: `image-size` believes a HEIC's crop rather than its picture, so
 * that 60,000 × 60,000 can pass as 1 × 60,000. Whatever is not plainly there is undefined.
 */
import { crc32 } from 'node:zlib';
import type { ReadAt } from './read-at';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Signature, and the chunk IHDR with its checksum (https://www.w3.org/TR/png-3/#11IHDR). */
async function png(read: ReadAt): Promise<Size | undefined> {
  const head = await read(0, 33);
  if (head.length < 33 || head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  if (crc32(head.subarray(12, 29)) !== head.readUInt32BE(29)) return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** A photo has some dozens before its frame, the most of them with a colour profile in pieces. */
const MAX_SEGMENTS = 1_000;

/** SOF0 to SOF15; three of these numbers are tables (ITU-T T.81, table B.1). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** From segment to segment up to the frame's header. */
async function jpeg(read: ReadAt): Promise<Size | undefined> {
  let at = 2;
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const head = await read(at, 9);
    const [prefix, marker = 0] = head;
    // The scan or the end come after the frame, if there is one.
    if (head.length < 9 || prefix !== 0xff || marker === 0xda || marker === 0xd9) return undefined;
    if (isFrame(marker)) return { width: head.readUInt16BE(7), height: head.readUInt16BE(5) };
    // Markers may be filled up with 0xff.
    at += marker === 0xff ? 1 : 2 + head.readUInt16BE(2);
  }
  return undefined;
}

/** The three kinds of first chunk (https://developers.google.com/speed/webp/docs/riff_container, RFC 6386 §9.1). */
async function webp(read: ReadAt): Promise<Size | undefined> {
  const head = await read(0, 30);
  if (head.length < 30) return undefined;
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8 ' && head.toString('hex', 23, 26) === '9d012a')
    return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (chunk === 'VP8L' && head[20] === 0x2f) {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return undefined;
}

const MAX_BOXES = 100;
/** A phone's has some kilobytes. */
const MAX_META_BYTES = 4_194_304;

/** The content of the box `meta` (ISO/IEC 14496-12 §4.2): each box begins with its size and its name. */
async function metaOf(read: ReadAt): Promise<Buffer | undefined> {
  let at = 0;
  for (let boxes = 0; boxes < MAX_BOXES; boxes++) {
    const head = await read(at, 16);
    if (head.length < 16) return undefined;
    const short = head.readUInt32BE(0);
    const bytes = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
    if (bytes < 8 || !Number.isSafeInteger(bytes)) return undefined;
    if (head.toString('latin1', 4, 8) === 'meta') {
      const meta = bytes <= MAX_META_BYTES ? await read(at, bytes) : undefined;
      return meta?.length === bytes ? meta : undefined;
    }
    at += bytes;
  }
  return undefined;
}

/** The largest of its `ispe` boxes: a photo has one for its tiles, its thumbnail and the whole each. */
async function heif(read: ReadAt): Promise<Size | undefined> {
  const meta = await metaOf(read);
  let largest: Size | undefined;
  for (let at = meta?.indexOf('ispe') ?? -1; meta && at >= 0; at = meta.indexOf('ispe', at + 4)) {
    if (at + 16 > meta.length) return undefined;
    const size = { width: meta.readUInt32BE(at + 8), height: meta.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

const READERS: Readonly<Record<string, (read: ReadAt) => Promise<Size | undefined>>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/heic': heif,
  'image/heif': heif,
};

export const imageSize = async (media_type: string, read: ReadAt): Promise<Size | undefined> =>
  READERS[media_type]?.(read);
