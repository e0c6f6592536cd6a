/** What a file is, by its first bytes, not by its name. */

export const SNIFF_BYTES = 4_100;

export interface Sniffed {
  readonly kind: 'audio' | 'video' | 'text';
  readonly media_type: string;
}

const audio = (media_type: string): Sniffed => ({ kind: 'audio', media_type });
const video = (media_type: string): Sniffed => ({ kind: 'video', media_type });

/** Offset, bytes as Latin-1, meaning. */
const SIGNATURES: readonly [number, string, Sniffed][] = [
  [8, 'WAVE', audio('audio/wav')],
  [8, 'AVI ', video('video/x-msvideo')],
  [8, 'AIFF', audio('audio/aiff')],
  [0, 'ID3', audio('audio/mpeg')],
  [0, 'fLaC', audio('audio/flac')],
  [0, 'OggS', audio('audio/ogg')],
  [0, '#!AMR', audio('audio/amr')],
  [0, '\x00\x00\x01\xba', video('video/mpeg')],
];

const ascii = (head: Buffer, from: number, to: number): string => head.subarray(from, to).toString('latin1');

/** ISO media files name their brand after `ftyp`; the ones for sound alone begin with M4A or M4B. */
function isoMedia(head: Buffer): Sniffed | undefined {
  if (ascii(head, 4, 8) !== 'ftyp') return undefined;
  const brand = ascii(head, 8, 12);
  if (/^M4[AB]/.test(brand)) return audio('audio/mp4');
  if (brand.startsWith('qt')) return video('video/quicktime');
  return /^(heic|heix|mif1|avif)/.test(brand) ? undefined : video('video/mp4');
}

/** Matroska's DocType stands near the start of the EBML header. */
function matroska(head: Buffer): Sniffed | undefined {
  if (ascii(head, 0, 4) !== '\x1a\x45\xdf\xa3') return undefined;
  return video(ascii(head, 0, 64).includes('webm') ? 'video/webm' : 'video/x-matroska');
}

/** An MPEG audio frame without an ID3 tag: eleven set bits, then a layer and a bit rate that exist. */
function mpegFrame(head: Buffer): Sniffed | undefined {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return audio('audio/aac');
  const layer = (second & 0x06) !== 0 && (second & 0x18) !== 0x08;
  const rates = (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
  return layer && rates ? audio('audio/mpeg') : undefined;
}

/** UTF-8 without control characters other than white space; the last character may be cut. */
function plainText(head: Buffer): Sniffed | undefined {
  const text = new TextDecoder('utf-8').decode(head);
  const body = text.replace(/\ufffd+$/, '');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(body)
    ? undefined
    : { kind: 'text', media_type: 'text/plain' };
}

function bySignature(head: Buffer): Sniffed | undefined {
  return SIGNATURES.find(([at, bytes]) => ascii(head, at, at + bytes.length) === bytes)?.[2];
}

export const sniff = (head: Buffer): Sniffed | undefined =>
  isoMedia(head) ?? matroska(head) ?? bySignature(head) ?? mpegFrame(head) ?? plainText(head);
