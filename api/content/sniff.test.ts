import fc from 'fast-check';
import { sniff, SNIFF_BYTES } from './sniff';

const bytes = (text: string, size = 64): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(Math.max(0, size - text.length))]);

const BINARY: readonly (readonly [what: string, head: string, media_type: string | undefined])[] = [
  ['wav', 'RIFF\x24\x08\x00\x00WAVEfmt ', 'audio/wav'],
  ['wav over 4 GB', 'RF64\xff\xff\xff\xffWAVEds64', 'audio/wav'],
  ['avi', 'RIFF\x24\x08\x00\x00AVI LIST', 'video/x-msvideo'],
  ['aiff', 'FORM\x00\x00\x08\x24AIFFCOMM', 'audio/aiff'],
  ['compressed aiff', 'FORM\x00\x00\x08\x24AIFCFVER', 'audio/aiff'],
  ['mp3 with a tag', 'ID3\x04\x00\x00\x00\x00\x00\x23', 'audio/mpeg'],
  ['mp3 without a tag', '\xff\xfb\x90\x64\x00', 'audio/mpeg'],
  ['mp2', '\xff\xfd\x84\x04', 'audio/mpeg'],
  ['aac', '\xff\xf1\x50\x80', 'audio/aac'],
  ['flac', 'fLaC\x00\x00\x00\x22', 'audio/flac'],
  ['ogg', 'OggS\x00\x02', 'audio/ogg'],
  ['amr', '#!AMR\n', 'audio/amr'],
  ['m4a', '\x00\x00\x00\x20ftypM4A \x00', 'audio/mp4'],
  ['mp4', '\x00\x00\x00\x20ftypisom\x00', 'video/mp4'],
  ['quicktime', '\x00\x00\x00\x14ftypqt  \x00', 'video/quicktime'],
  ['webm', '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm', 'video/webm'],
  ['matroska', '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska', 'video/x-matroska'],
  ['mpeg program stream', '\x00\x00\x01\xba\x44', 'video/mpeg'],
  ['heic', '\x00\x00\x00\x20ftypheic\x00', 'image/heic'],
  ['heif that is heic', '\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00miafheic', 'image/heif'],
  ['heif that is avif', '\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00miafavif', undefined],
  ['avif', '\x00\x00\x00\x20ftypavif\x00', undefined],
  ['a sequence of pictures', '\x00\x00\x00\x20ftyphevc\x00', undefined],
  ['jpeg', '\xff\xd8\xff\xe0\x00\x10JFIF', 'image/jpeg'],
  ['png', '\x89PNG\r\n\x1a\n', 'image/png'],
  ['webp', 'RIFF\x24\x08\x00\x00WEBPVP8 ', 'image/webp'],
  ['gif', 'GIF89a', undefined],
  ['zip', 'PK\x03\x04', 'application/zip'],
  ['an empty zip', 'PK\x05\x06', undefined],
  ['a document of old Office', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', undefined],
  ['pdf', '%PDF-1.7\n', 'application/pdf'],
  ['an executable', '\x7fELF\x02\x01', undefined],
  ['bytes of set bits', '\xff\xff\xff\xff', undefined],
];

test.each(BINARY)('%s', (_what, head, media_type) => {
  expect(sniff(bytes(head))?.media_type).toBe(media_type);
});

const TEXT: readonly (readonly [what: string, head: Buffer, isText: boolean])[] = [
  ['plain English', Buffer.from('A leaf turns light into sugar.\r\n\tIt does.'), true],
  ['a byte order mark', Buffer.from('\ufeffText'), true],
  ['many scripts', Buffer.from('Größe, 文字, текст, 🍃'), true],
  ['the sign for a lost character', Buffer.from('a \ufffd b'), true],
  ['the word WAVE where a wav has it', Buffer.from('the big WAVE rolls on'), true],
  ['the word ftyp where an mp4 has it', Buffer.from('the ftype of it').subarray(0, 7), true],
  ['UTF-16', Buffer.from('\ufeffText in UTF-16', 'utf16le'), false],
  ['Latin-1', Buffer.from('Größe', 'latin1'), false],
  ['a NUL', Buffer.from('a\0b'), false],
  ['RTF', Buffer.from('{\\rtf1\\ansi Text}'), false],
  ['PostScript', Buffer.from('%!PS-Adobe-3.0'), false],
];

test.each(TEXT)('%s', (_what, head, isText) => {
  expect(sniff(head)).toEqual(isText ? { kind: 'text', media_type: 'text/plain' } : undefined);
});

test('the same bytes are the same thing, however the text goes on behind the head', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }).filter(isPlain), (unit) => {
      const text = Buffer.from(`A ${unit}`.repeat(Math.ceil(SNIFF_BYTES / 2)));
      expect(sniff(text.subarray(0, SNIFF_BYTES))).toEqual({ kind: 'text', media_type: 'text/plain' });
    }),
  );
});

test('any bytes are something or nothing, and never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: SNIFF_BYTES }), (head) => {
      const sniffed = sniff(Buffer.from(head));
      expect([undefined, 'audio', 'video', 'text', 'photo', 'document']).toContain(sniffed?.kind);
    }),
  );
});

test('what looks random is not taken for text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 200, maxLength: 400 }), (noise) => {
      const withNul = Buffer.concat([Buffer.from('text '), Buffer.from(noise), Buffer.from([0])]);
      expect(sniff(withNul)).toBeUndefined();
    }),
  );
});

const isPlain = (text: string): boolean => !/[\u0000-\u0008\u000e-\u001f]/.test(text);
