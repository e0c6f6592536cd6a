/**
 * Whether a ZIP file is an office document that can be opened without harm, by its directory alone: nothing is unpacked.
 * What lies about its size in the directory is stopped by whoever reads it.
 */
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { HttpError } from '../http/errors';

const MAX_ENTRIES = 10_000;
const MAX_UNPACKED_BYTES = 1_073_741_824;
/** XML shrinks to a tenth or a thirtieth; what is small may shrink to nothing. */
const MAX_RATIO = 100;
const SMALL_BYTES = 10_485_760;
/** Of the header before each file's bytes, its name left out, which may be another there. */
const HEADER_BYTES = 30;

const bomb = (message: string) =>
  new HttpError(422, 'ARCHIVE_BOMB', message, {
    field: 'file',
    hint: 'Open it and save it anew; pictures and films in it may be too large',
  });

const damaged = (message: string) =>
  new HttpError(422, 'FILE_DAMAGED', message, { field: 'file', hint: 'Open it and save it anew' });

const isTooDense = (unpacked: number, packed: number): boolean =>
  unpacked > SMALL_BYTES && unpacked > packed * MAX_RATIO;

/** What is kept of an entry: names and comments may be long. */
interface Stored {
  /** Where its header begins. */
  readonly start: number;
  readonly packed: number;
  readonly unpacked: number;
}

/** Files that share bytes are how 40 MB become petabytes (https://www.bamsoftware.com/hacks/zipbomb/). */
function overlap(files: readonly Stored[]): boolean {
  let end = 0;
  for (const { start, packed } of files.toSorted((a, b) => a.start - b.start)) {
    if (start < end) return true;
    end = start + HEADER_BYTES + packed;
  }
  return false;
}

function checkSizes(files: readonly Stored[], archiveBytes: number): void {
  const unpacked = files.reduce((sum, file) => sum + file.unpacked, 0);
  if (unpacked > MAX_UNPACKED_BYTES) throw bomb(`The document unpacks to ${unpacked} bytes`);
  if (overlap(files)) throw bomb('Files within the document share their bytes');
  if (files.some((file) => isTooDense(file.unpacked, file.packed)) || isTooDense(unpacked, archiveBytes))
    throw bomb('The document unpacks to far more than it is');
}

function storedOf(entry: Entry): Stored {
  if (entry.isEncrypted()) throw damaged('Files within the document are encrypted');
  const { relativeOffsetOfLocalHeader: start, compressedSize: packed, uncompressedSize: unpacked } = entry;
  return { start, packed, unpacked };
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const FOLDERS = {
  'word/': `${OFFICE}.wordprocessingml.document`,
  'ppt/': `${OFFICE}.presentationml.presentation`,
};

const TYPES = '[Content_Types].xml';

/** What an archive is, by the names in it. */
function typeBy(seen: ReadonlySet<string>): string | undefined {
  return seen.has(TYPES) ? Object.entries(FOLDERS).find(([folder]) => seen.has(folder))?.[1] : undefined;
}

/** yauzl refuses absolute names, those with `..`, and what is no ZIP file. */
async function look(archive: ZipFile): Promise<string | undefined> {
  if (archive.entryCount > MAX_ENTRIES) throw bomb(`There are ${archive.entryCount} files in the document`);
  const [files, seen]: [Stored[], Set<string>] = [[], new Set()];
  for await (const entry of archive.eachEntry()) {
    files.push(storedOf(entry));
    for (const name of [TYPES, ...Object.keys(FOLDERS)]) if (entry.fileName.startsWith(name)) seen.add(name);
  }
  checkSizes(files, archive.fileSize);
  return typeBy(seen);
}

/** The type of a Word or PowerPoint document; undefined where the archive is another. */
export async function officeTypeOf(file: string): Promise<string | undefined> {
  try {
    const archive = await openPromise(file);
    return await look(archive).finally(() => archive.close());
  } catch (error) {
    // What the system says has a code; what yauzl says is about the file.
    if (error instanceof HttpError || 'code' in (error as Error)) throw error;
    throw damaged(`The document cannot be opened: ${(error as Error).message}`);
  }
}
