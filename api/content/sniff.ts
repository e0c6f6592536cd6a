/** What a file is, by its first bytes, not by its name. */

export const SNIFF_BYTES = 4_100;

export interface Sniffed {
  readonly kind: 'audio' | 'video' | 'text' | 'photo' | 'document';
  readonly media_type: string;
}

const audio = (media_type: string): Sniffed => ({ kind: 'audio', media_type });
const video = (media_type: string): Sniffed => ({ kind: 'video', media_type });
const photo = (media_type: string): Sniffed => ({ kind: 'photo', media_type });
const document = (media_type: string): Sniffed => ({ kind: 'document', media_type });

/** What DOCX and PPTX begin like; which of them it is, `examine` finds inside. */
export const ZIP = 'application/zip';

/** Latin-1, so that a character is a byte; a dot is any byte. */
const SIGNATURES: readonly (readonly [RegExp, Sniffed | undefined])[] = [
  [/^(RIFF|RF64|RIFX).{4}WAVE/s, audio('audio/wav')],
  [/^RIFF.{4}AVI /s, video('video/x-msvideo')],
  [/^RIFF.{4}WEBP/s, photo('image/webp')],
  [/^FORM.{4}AIF[FC]/s, audio('audio/aiff')],
  [/^ID3/, audio('audio/mpeg')],
  [/^fLaC/, audio('audio/flac')],
  [/^OggS/, audio('audio/ogg')],
  [/^#!AMR/, audio('audio/amr')],
  [/^\x00\x00\x01\xba/, video('video/mpeg')],
  // ISO media files name their brand after `ftyp`; the ones for sound alone begin with M4A or M4B.
  [/^.{4}ftypM4[AB]/s, audio('audio/mp4')],
  [/^.{4}ftypqt/s, video('video/quicktime')],
  [/^.{4}ftyp(heic|heix|heim|heis)/s, photo('image/heic')],
  // Pictures in general: those that say behind the brand that they are coded as HEIC are.
  [/^.{4}ftypmif1.{4}(.{4}){0,14}hei[cxms]/s, photo('image/heif')],
  [/^.{4}ftyp(mif1|msf1|hevc|avif|avis)/s, undefined],
  [/^.{4}ftyp/s, video('video/mp4')],
  // Matroska's DocType stands near the start of the EBML header.
  [/^\x1a\x45\xdf\xa3.{0,60}webm/s, video('video/webm')],
  [/^\x1a\x45\xdf\xa3/, video('video/x-matroska')],
  [/^\xff\xd8\xff/, photo('image/jpeg')],
  [/^\x89PNG\r\n\x1a\n/, photo('image/png')],
  [/^PK\x03\x04/, document(ZIP)],
  [/^%PDF-/, document('application/pdf')],
  // Documents that may be all ASCII, and are no plain text for that.
  [/^(\{\\rtf|%!PS)/, undefined],
];

/** An MPEG audio frame without an ID3 tag: a set sync word, then a layer and rates that exist. */
function mpegFrame(head: Buffer): Sniffed | undefined {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return audio('audio/aac');
  // Layers II and III. The bits of Layer I, which nobody uses, are also the byte order mark of UTF-16.
  const layer = [0x02, 0x04].includes(second & 0x06) && (second & 0x18) !== 0x08;
  const rates = (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
  return layer && rates ? audio('audio/mpeg') : undefined;
}

/** Bytes of the last character when the head ends in its middle: at most three. */
const LONGEST_CUT = 3;

function decodesAsUtf8(head: Buffer): string | undefined {
  for (let cut = 0; cut <= (head.length < SNIFF_BYTES ? 0 : LONGEST_CUT); cut++) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, head.length - cut));
    } catch {
      // Perhaps only the last character is cut: once more without a byte of it.
    }
  }
  return undefined;
}

/** UTF-8 without control characters other than white space. */
function plainText(head: Buffer): Sniffed | undefined {
  const text = decodesAsUtf8(head);

  if (text === undefined || /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return undefined;
  return { kind: 'text', media_type: 'text/plain' };
}

/** Undefined where the file is of no kind that is read. */
export function sniff(head: Buffer): Sniffed | undefined {
  const start = head.toString('latin1', 0, 80);
  const signature = SIGNATURES.find(([pattern]) => pattern.test(start));
  return signature ? signature[1] : (mpegFrame(head) ?? plainText(head));
}
