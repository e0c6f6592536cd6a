/** Pixels of a PNG or JPEG, from its header. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const PNG_MAGIC = 0x89504e47;
const JPEG_MAGIC = 0xffd8;
/** Start-of-frame segments are C0 to CF without the tables C4, C8 and CC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

export function imageSize(bytes: Uint8Array): ImageSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength > 24 && view.getUint32(0) === PNG_MAGIC) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (view.byteLength > 4 && view.getUint16(0) === JPEG_MAGIC) return jpegSize(view);
  throw new Error('A slide picture must be PNG or JPEG');
}

function jpegSize(view: DataView): ImageSize {
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    if (isFrame(view.getUint8(at + 1))) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
  }
  throw new Error('A slide picture is a JPEG without a frame');
}
