/** Made files: each is as small as it can be and says of itself what it must not be. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import JSZip from 'jszip';
import { HttpError } from '../http/errors';
import { examine } from './examine';
import { sniff, SNIFF_BYTES } from './sniff';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-examine-'));
});
afterAll(() => rm(folder, { recursive: true }));

const u32 = (...values: number[]) =>
  Buffer.concat(values.map((value) => writing(4, (b) => b.writeUInt32BE(value))));
const u16 = (...values: number[]) =>
  Buffer.concat(values.map((value) => writing(2, (b) => b.writeUInt16BE(value))));
const le16 = (...values: number[]) =>
  Buffer.concat(values.map((value) => writing(2, (b) => b.writeUInt16LE(value))));
const le32 = (...values: number[]) =>
  Buffer.concat(values.map((value) => writing(4, (b) => b.writeUInt32LE(value))));
const le24 = (value: number) => writing(3, (b) => b.writeUIntLE(value, 0, 3));
const latin1 = (text: string) => Buffer.from(text, 'latin1');
function writing(bytes: number, write: (buffer: Buffer) => unknown): Buffer {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer;
}

/** As an upload is judged: by its head, then by the stored file. The type, or the code of the refusal. */
async function judge(file: Buffer): Promise<string> {
  const name = path.join(folder, 'file');
  await writeFile(name, file);
  const sniffed = sniff(file.subarray(0, SNIFF_BYTES));
  if (!sniffed) return 'unknown';
  const found = await examine(name, sniffed).catch((error: unknown) => error);
  if (!(found instanceof Error)) return (found as { media_type: string }).media_type;
  if (!(found instanceof HttpError)) throw found;
  expect(found.details.hint).toMatch(/^[A-Z].{10}/);
  return `${found.status} ${found.code}`;
}

const DAMAGED = '422 FILE_DAMAGED';
const TOO_LARGE = '422 IMAGE_TOO_LARGE';

function png(width: number, height: number, chunk = 'IHDR'): Buffer {
  const header = Buffer.concat([latin1(chunk), u32(width, height), Buffer.from([8, 2, 0, 0, 0])]);
  return Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), u32(13), header, u32(crc32(header)), Buffer.alloc(40)]);
}

const segment = (marker: number, content: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker]), u16(content.length + 2), content]);
const frame = (width: number, height: number, marker = 0xc0) =>
  segment(marker, Buffer.concat([Buffer.from([8]), u16(height, width), Buffer.from([1, 1, 0x11, 0])]));
const jpeg = (...segments: Buffer[]) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, segment(0xda, Buffer.alloc(6)), Buffer.alloc(40)]);
const JFIF = segment(0xe0, latin1('JFIF\0\x01\x01\0\0\x01\0\x01\0\0'));

const webp = (chunk: string, content: Buffer) =>
  Buffer.concat([
    latin1('RIFF'),
    le32(content.length + 12),
    latin1(`WEBP${chunk}`),
    le32(content.length),
    content,
  ]);
const lossless = (width: number, height: number) =>
  Buffer.concat([Buffer.from([0x2f]), le32(((height - 1) << 14) | (width - 1)), Buffer.alloc(20)]);
const lossy = (width: number, height: number) =>
  Buffer.concat([Buffer.from([0x30, 1, 0, 0x9d, 1, 0x2a]), le16(width, height), Buffer.alloc(20)]);

const box = (name: string, ...content: Buffer[]) => {
  const inside = Buffer.concat(content);
  return Buffer.concat([u32(inside.length + 8), latin1(name), inside]);
};
const ispe = (width: number, height: number) => box('ispe', u32(0, width, height));
const heic = (brands: string, ...properties: Buffer[]) =>
  Buffer.concat([
    box('ftyp', latin1(brands.slice(0, 4)), u32(0), latin1(brands.slice(4))),
    box('free', Buffer.alloc(30)),
    box('meta', u32(0), box('iprp', box('ipco', ...properties))),
    box('mdat', Buffer.alloc(40)),
  ]);

test.each<[string, Buffer, string]>([
  ['a PNG', png(640, 480), 'image/png'],
  ['a PNG of 100 megapixels', png(10_000, 10_000), 'image/png'],
  ['a PNG of one pixel row more', png(10_000, 10_001), TOO_LARGE],
  ['a PNG that unfolds to petabytes', png(2_147_483_647, 2_147_483_647), TOO_LARGE],
  ['a PNG that is one long line', png(1_000_000, 1), TOO_LARGE],
  ['a PNG without a pixel', png(0, 480), DAMAGED],
  ['a PNG that is cut within its header', png(640, 480).subarray(0, 28), DAMAGED],
  ['a PNG whose header has lost a bit', png(640, 480).fill(3, 19, 20), DAMAGED],
  ['a PNG that begins with another chunk', png(1, 1, 'iTXt'), DAMAGED],
  ['a JPEG', jpeg(JFIF, frame(640, 480)), 'image/jpeg'],
  [
    'a progressive JPEG behind much metadata',
    jpeg(...Array(30).fill(segment(0xe2, Buffer.alloc(65_000))), frame(640, 480, 0xc2)),
    'image/jpeg',
  ],
  ['a JPEG of 4 gigapixels', jpeg(JFIF, frame(65_535, 65_535)), TOO_LARGE],
  [
    'a JPEG with a second frame as decoy',
    jpeg(JFIF, Buffer.from([0xff]), frame(60_000, 60_000), frame(10, 10)),
    TOO_LARGE,
  ],
  ['a JPEG with tables but no frame', jpeg(JFIF, segment(0xc4, Buffer.alloc(20))), DAMAGED],
  [
    'a JPEG whose tables look like a frame',
    jpeg(segment(0xc4, Buffer.alloc(20, 1)), frame(60_000, 60_000)),
    TOO_LARGE,
  ],
  [
    'a JPEG with its frame behind the scan',
    jpeg(JFIF, segment(0xda, Buffer.alloc(6)), frame(10, 10)),
    DAMAGED,
  ],
  [
    'a JPEG with a frame that is none before the real one',
    jpeg(JFIF, frame(10, 10).fill(0, 0, 1), frame(60_000, 60_000)),
    DAMAGED,
  ],
  ['a JPEG that is cut', jpeg(JFIF, frame(640, 480)).subarray(0, 25), DAMAGED],
  ['a JPEG whose height comes later', jpeg(JFIF, frame(640, 0)), DAMAGED],
  [
    'a JPEG of endless segments',
    jpeg(...Array(1_100).fill(segment(0xe1, Buffer.alloc(4))), frame(640, 480)),
    DAMAGED,
  ],
  ['a JPEG with rubbish between its segments', jpeg(JFIF, latin1('rubbish'), frame(640, 480)), DAMAGED],
  ['a lossy WebP', webp('VP8 ', lossy(640, 480)), 'image/webp'],
  ['a lossless WebP', webp('VP8L', lossless(640, 480)), 'image/webp'],
  [
    'a WebP with extensions',
    webp('VP8X', Buffer.concat([u32(0), le24(639), le24(479), Buffer.alloc(9)])),
    'image/webp',
  ],
  ['a lossy WebP as large as can be', webp('VP8 ', lossy(16_383, 16_383)), TOO_LARGE],
  ['a lossless WebP as large as can be', webp('VP8L', lossless(16_384, 16_384)), TOO_LARGE],
  [
    'a WebP of 281 terapixels',
    webp('VP8X', Buffer.concat([u32(0), le24(0xffffff), le24(0xffffff), Buffer.alloc(9)])),
    TOO_LARGE,
  ],
  ['a WebP without its start code', webp('VP8 ', lossy(640, 480).fill(1, 3, 4)), DAMAGED],
  ['a WebP of no known chunk', webp('JUNK', Buffer.alloc(30)), DAMAGED],
  ['a WebP that is cut', webp('VP8 ', lossy(640, 480)).subarray(0, 26), DAMAGED],
  [
    'a HEIC with tiles and a thumbnail',
    heic('heicmif1heic', ispe(512, 512), ispe(4032, 3024), ispe(320, 240)),
    'image/heic',
  ],
  ['a HEIF that is coded so', heic('mif1MiHEheic', ispe(640, 480)), 'image/heif'],
  ['a HEIF that is an AVIF', heic('mif1avifmiaf', ispe(640, 480)), 'unknown'],
  [
    'a HEIC whose crop hides how large it is',
    heic('heicmif1', ispe(60_000, 60_000), box('clap', u32(59_999, 59_999, 1, 1, 0, 1, 0, 1))),
    TOO_LARGE,
  ],
  ['a HEIC with one picture too large', heic('heicmif1', ispe(640, 480), ispe(60_000, 60_000)), TOO_LARGE],
  ['a HEIC that says no size', heic('heicmif1', box('colr', u32(0))), DAMAGED],
  ['a HEIC without its description', box('ftyp', latin1('heic'), u32(0), latin1('mif1')), DAMAGED],
  [
    'a HEIC that is cut behind the size',
    heic('heicmif1', ispe(640, 480), box('colr', Buffer.alloc(100))).subarray(0, 150),
    DAMAGED,
  ],
  ['a HEIC whose last size is cut', heic('heicmif1', ispe(640, 480), box('ispe')), DAMAGED],
  [
    'a HEIC with a box smaller than a box',
    Buffer.concat([
      box('ftyp', latin1('heic'), u32(0)),
      u32(4),
      box('meta', u32(0), ispe(640, 480)),
      Buffer.alloc(16),
    ]),
    DAMAGED,
  ],
  ['a HEIC that is cut', heic('heicmif1', ispe(640, 480)).subarray(0, 100), DAMAGED],
  [
    'a HEIC whose boxes go in a circle',
    Buffer.concat([box('ftyp', latin1('heic'), u32(0)), u32(0), latin1('free'), Buffer.alloc(40)]),
    DAMAGED,
  ],
])('%s', async (_what, file, judged) => {
  expect(await judge(file)).toBe(judged);
});

test('whatever follows a head that is right, it is a size, a refusal, and never an exception', async () => {
  const heads = [
    png(640, 480),
    jpeg(JFIF, frame(640, 480)),
    webp('VP8 ', lossy(640, 480)),
    heic('heicmif1', ispe(9, 9)),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...heads),
      fc.nat(120),
      fc.uint8Array({ maxLength: 60 }),
      async (head, keep, noise) => {
        expect(await judge(Buffer.concat([head.subarray(0, Math.max(12, keep)), noise]))).toMatch(
          /^(image|422|unknown)/,
        );
      },
    ),
  );
});

const PDF = '%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\n';
test.each<[string, string, string]>([
  ['a PDF', `${PDF}startxref\n9\n%%EOF\n`, 'application/pdf'],
  [
    'a PDF with other line ends and something behind',
    `${PDF}startxref\r\n9\r\n%%EOF\r\n${'\0'.repeat(2_000)}`,
    'application/pdf',
  ],
  ['a long PDF', `${PDF}${' '.repeat(50_000)}startxref\n9\n%%EOF`, 'application/pdf'],
  ['a PDF that is cut', PDF, DAMAGED],
  ['a PDF whose end is far from its end', `${PDF}startxref\n9\n%%EOF${' '.repeat(5_000)}`, DAMAGED],
  ['only a head', '%PDF-', DAMAGED],
])('%s', async (_what, file, judged) => {
  expect(await judge(latin1(file))).toBe(judged);
});

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const SLIDES = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const BOMB = '422 ARCHIVE_BOMB';
const TYPES = '[Content_Types].xml';

/** An entry as the directory shall tell of it; nothing of it need be true. */
interface Told {
  readonly name: string;
  readonly data?: Buffer;
  readonly unpacked?: number;
  readonly packed?: number;
  readonly at?: number;
  readonly flags?: number;
}

function archive(entries: readonly Told[], count = entries.length): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let end = 0;
  for (const { name, data = latin1('x'), flags = 0, at = end, ...told } of entries) {
    const { packed = data.length, unpacked = packed } = told;
    const method = unpacked === packed ? 0 : 8;
    const facts = Buffer.concat([
      le16(flags, method, 0, 0),
      le32(crc32(data), packed, unpacked),
      le16(name.length, 0),
    ]);
    const file = Buffer.concat([latin1('PK\x03\x04'), le16(20), facts, latin1(name), data]);
    const behind = Buffer.concat([le16(0, 0, 0), le32(0, at)]);
    directory.push(Buffer.concat([latin1('PK\x01\x02'), le16(20, 20), facts, behind, latin1(name)]));
    files.push(file);
    end += file.length;
  }
  const listed = Buffer.concat(directory);
  const tail = Buffer.concat([
    latin1('PK\x05\x06'),
    le16(0, 0, count, count),
    le32(listed.length, end),
    le16(0),
  ]);
  return Buffer.concat([...files, listed, tail]);
}

const office = (...more: Told[]) => archive([{ name: TYPES }, { name: 'word/document.xml' }, ...more]);
const MB = 1_048_576;

async function zip(files: Record<string, string | Buffer>): Promise<Buffer> {
  const made = new JSZip();
  for (const [name, content] of Object.entries(files)) made.file(name, content);
  return made.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

test.each<[string, () => Buffer | Promise<Buffer>, string]>([
  ['a Word document', () => zip({ [TYPES]: '<Types/>', 'word/document.xml': '<x/>' }), WORD],
  [
    'a PowerPoint deck whose types come last',
    () => zip({ 'ppt/presentation.xml': '<x/>', [TYPES]: '<Types/>' }),
    SLIDES,
  ],
  [
    'a document whose text shrinks to nothing',
    () => zip({ [TYPES]: '', 'word/document.xml': ' '.repeat(2 * MB) }),
    WORD,
  ],
  ['a table of numbers', () => zip({ [TYPES]: '', 'xl/workbook.xml': '' }), '415 UNSUPPORTED_MEDIA_TYPE'],
  [
    'an OpenDocument text',
    () => zip({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '' }),
    '415 UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'an archive with a folder called word',
    () => zip({ 'word/document.xml': '' }),
    '415 UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a document made by hand', () => office(), WORD],
  ['one file of zeros', () => zip({ [TYPES]: '', 'word/document.xml': Buffer.alloc(20 * MB) }), BOMB],
  [
    'many small files of zeros',
    () =>
      zip(
        Object.fromEntries(
          [TYPES, 'word/a', ...Array.from({ length: 20 }, (_, n) => `word/${n}`)].map((name) => [
            name,
            Buffer.alloc(MB),
          ]),
        ),
      ),
    BOMB,
  ],
  [
    'zeros beside something that shrinks little',
    () =>
      office(
        { name: 'a', data: deflateRawSync(Buffer.alloc(MB)), unpacked: 900 * MB },
        { name: 'b', data: Buffer.alloc(12 * MB, 1) },
      ),
    BOMB,
  ],
  [
    'more than a gigabyte',
    () => office({ name: 'a', data: Buffer.alloc(11 * MB), unpacked: 1024 * MB + 1 }),
    BOMB,
  ],
  [
    'files that share bytes',
    () => office({ name: 'a', data: Buffer.alloc(1000) }, { name: 'b', data: Buffer.alloc(1000), at: 200 }),
    BOMB,
  ],
  [
    'files whose data are the headers of others',
    () =>
      office(
        { name: 'a', data: Buffer.alloc(50), packed: 500, unpacked: 600 },
        { name: 'b', data: Buffer.alloc(900) },
      ),
    BOMB,
  ],
  ['the same file under two names', () => archive([{ name: TYPES }, { name: 'word/a', at: 0 }]), BOMB],
  ['too many files', () => archive(Array.from({ length: 10_001 }, (_, n) => ({ name: `word/${n}` }))), BOMB],
  ['a name that climbs out', () => office({ name: '../../etc/cron.d/x' }), DAMAGED],
  ['a name from the root', () => office({ name: '/etc/passwd' }), DAMAGED],
  ['a name of another system', () => office({ name: 'word\\..\\..\\x' }), DAMAGED],
  ['a drive', () => office({ name: 'C:/x' }), DAMAGED],
  [
    'an encrypted file',
    () => office({ name: 'word/a', flags: 1, data: Buffer.alloc(20), unpacked: 8 }),
    DAMAGED,
  ],
  [
    'a directory that lists more than there is',
    () => archive([{ name: TYPES }, { name: 'word/a' }], 5),
    DAMAGED,
  ],
  ['a document that is cut', () => office().subarray(0, 120), DAMAGED],
])('%s', async (_what, make, judged) => {
  expect(await judge(await make())).toBe(judged);
});

test('what the system says of a file is no fault of the file', async () => {
  const gone = examine(path.join(folder, 'gone'), { kind: 'document', media_type: 'application/zip' });
  await expect(gone).rejects.toMatchObject({ code: 'ENOENT' });
});
