/** Whether what a stored file seems to be can be opened without harm: photos and documents unfold when they are read. */
import { HttpError } from '../http/errors';
import { officeTypeOf } from './archive';
import { imageSize } from './image-size';
import { withReader, type ReadAt } from './read-at';
import { ZIP, type Sniffed } from './sniff';

const MAX_PIXELS = 100_000_000;
/** The most that JPEG can say. */
const MAX_SIDE = 65_535;

export const unsupported = () =>
  new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The file is of a type that is not read', {
    field: 'file',
    hint: 'Send wav, mp3, m4a, ogg/opus, webm, flac or mp4, a photo (JPEG, PNG, WebP, HEIC), a document (PDF, DOCX, PPTX) or plain text in UTF-8',
  });

const damaged = (message: string, hint: string) =>
  new HttpError(422, 'FILE_DAMAGED', message, { field: 'file', hint });

async function checkPhoto(media_type: string, read: ReadAt): Promise<void> {
  const size = await imageSize(media_type, read);
  if (!size || size.width < 1 || size.height < 1)
    throw damaged('The photo does not say how large it is', 'Open it and save it anew');
  const { width, height } = size;
  if (width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE) return;
  throw new HttpError(422, 'IMAGE_TOO_LARGE', `The photo has ${width} × ${height} pixels`, {
    field: 'file',
    max_pixels: MAX_PIXELS,
    hint: `Make it smaller: ${MAX_PIXELS / 1e6} megapixels, no side over ${MAX_SIDE}`,
  });
}

/** Some programs write a little behind the end. */
const PDF_TAIL_BYTES = 4_096;

/** Its table of contents is found from the end; a file that was cut off has none. */
async function checkPdf(read: ReadAt, bytes: number): Promise<void> {
  const tail = await read(Math.max(0, bytes - PDF_TAIL_BYTES), PDF_TAIL_BYTES);
  if (/startxref\s+\d+\s+%%EOF/.test(tail.toString('latin1'))) return;
  throw damaged('The PDF has no end', 'Download or export it again');
}

/** The same, or what it turned out to be; refused with the reason where it may not be opened. */
export async function examine(file: string, sniffed: Sniffed): Promise<Sniffed> {
  const { kind, media_type } = sniffed;
  if (kind === 'photo') await withReader(file, (read) => checkPhoto(media_type, read));
  if (media_type === 'application/pdf') await withReader(file, checkPdf);
  if (media_type !== ZIP) return sniffed;
  const office = await officeTypeOf(file);
  if (!office) throw unsupported();
  return { kind, media_type: office };
}
