/** Reads audio and image headers without a decoder, independently of the adapters that write them. */

/** Seconds, exactly for WAV; for compressed audio only that there is some. */
export function audioSeconds(bytes: Uint8Array): number {
  const view = Buffer.from(bytes);
  const magic = view.toString('latin1', 0, 12);
  if (/^RIFF[^]{4}WAVE$/.test(magic)) return wavSeconds(view);
  if (/^(ID3|\xff[\xe2-\xfb]|OggS|fLaC|\x1aE\xdf\xa3)/.test(magic)) return view.length > 256 ? NaN : 0;
  throw new Error('no audio container that is known here');
}

function wavSeconds(wav: Buffer): number {
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= wav.length;) {
    const name = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    if (name === 'fmt ') bytesPerSecond = wav.readUInt32LE(at + 16);
    // Streaming vendors write 0xffffffff as the size.
    if (name === 'data') return Math.min(size, wav.length - at - 8) / bytesPerSecond;
    at += 8 + size + (size % 2);
  }
  return 0;
}

export interface ImageFacts {
  media_type: 'image/png' | 'image/jpeg';
  width: number;
  height: number;
}

export function imageFacts(bytes: Uint8Array): ImageFacts {
  const view = Buffer.from(bytes);
  if (view.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') {
    return { media_type: 'image/png', width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
  }
  if (view.readUInt16BE(0) === 0xffd8) return { media_type: 'image/jpeg', ...jpegSize(view) };
  throw new Error('neither PNG nor JPEG');
}

/** The size stands in the first start-of-frame segment: C0…CF without the tables C4, C8 and CC. */
function jpegSize(jpeg: Buffer): { width: number; height: number } {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: jpeg.readUInt16BE(at + 7), height: jpeg.readUInt16BE(at + 5) };
    }
  }
  throw new Error('JPEG without a frame');
}
