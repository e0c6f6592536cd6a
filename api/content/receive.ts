/** One file of a multipart body, streamed to the blob store; never whole in memory, never under its own name. */
import { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Request } from 'express';
import type { Blobs, StoredBlob } from '../../store/blobs';
import { HttpError } from '../http/errors';
import { unsupported } from './examine';
import { sniff, SNIFF_BYTES, type Sniffed } from './sniff';

export interface Received extends StoredBlob, Sniffed {
  readonly file_name: string;
  /** The other parts of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface Limits {
  readonly blobs: Blobs;
  readonly maxBytes: number;
}

type Form = InstanceType<typeof Busboy>;

export const tooLarge = (maxBytes: number) =>
  new HttpError(413, 'TOO_LARGE', `The file is larger than ${maxBytes} bytes`, {
    field: 'file',
    max_bytes: maxBytes,
    hint: 'Split it, compress it, or ask the operator to raise MAX_UPLOAD_BYTES',
  });

const wrongFile = (code: string, message: string) =>
  new HttpError(422, code, message, { field: 'file', hint: 'Send one file as the part named "file"' });

const malformed = () =>
  new HttpError(400, 'MALFORMED_FORM', 'The multipart body cannot be read', {
    hint: 'curl -F file=@lecture.mp3 makes a right one',
  });

const broken = () => new HttpError(400, 'ABORTED', 'The upload was broken off', { hint: 'Send it again' });

/** The first bytes, and everything again from the start. */
async function peek(file: Readable): Promise<{ head: Buffer; whole: Readable }> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const read: Buffer[] = [];
  for (let bytes = 0; bytes < SNIFF_BYTES;) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    bytes += next.value.length;
  }
  async function* everything() {
    yield* read;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { head: Buffer.concat(read).subarray(0, SNIFF_BYTES), whole: Readable.from(everything()) };
}

/** Into the blob store, if its first bytes are those of something that is read. */
export async function store(file: Readable, blobs: Blobs, signal?: AbortSignal) {
  const { head, whole } = await peek(file);
  if (head.length === 0) throw wrongFile('EMPTY_UPLOAD', 'The file is empty');
  const sniffed = sniff(head);
  if (!sniffed) throw unsupported();
  return { ...(await blobs.put(whole, signal)), ...sniffed };
}

/** Folders and control characters of a client's file name are dropped; it is shown, and never used as a path. */
export function plainName(name: string | undefined): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const plain = base.replace(/[\p{Cc}\p{Surrogate}]/gu, '').trim();
  return [...plain].slice(0, 200).join('') || 'upload';
}

/** Bytes of a multipart body beside the file itself. */
const FORM_OVERHEAD = 65_536;

/** What a client has sent after the refusal is thrown away for this long, so that it can read the answer. */
const LINGER_MS = 5_000;

/** More files than are taken, so that a second one is noticed. */
const FORM_LIMITS = { files: 5, fields: 20, fieldSize: 10_000 };

function openForm(req: Request, maxBytes: number): Form {
  if (!req.is('multipart/form-data')) {
    const hint = 'curl -F file=@lecture.mp3 …';
    throw new HttpError(415, 'NOT_MULTIPART', 'The body is not multipart/form-data', { hint });
  }
  if (Number(req.get('content-length') ?? 0) > maxBytes + FORM_OVERHEAD) throw tooLarge(maxBytes);
  const headers = req.headers as { 'content-type': string };
  try {
    return new Busboy({ headers, limits: { ...FORM_LIMITS, fileSize: maxBytes } });
  } catch {
    throw malformed();
  }
}

export function discard(req: Request): void {
  req.unpipe();
  req.resume();
  const hangUp = setTimeout(() => req.destroy(), LINGER_MS).unref();
  req.once('close', () => clearTimeout(hangUp));
}

/** Resolves when the form ended and its file is stored; on any failure the signal aborts what is under way. */
function readForm(req: Request, form: Form, { blobs, maxBytes }: Limits): Promise<Received> {
  const abort = new AbortController();
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let stored: Promise<Received> | undefined;
  let storing: BusboyFileStream | undefined;

  return new Promise<Received>((resolve, reject) => {
    const giveUp = (error: unknown) => {
      // The first reason is the one to tell; what it breaks off fails in other words.
      reject(error);
      abort.abort(error);
      storing?.destroy();
    };
    form.on('field', (name, value) => (fields[name] = value));
    form.on('file', (name, file, fileName) => {
      // Busboy says on the file that the body ended within it, and once more on the form.
      file.on('error', () => giveUp(malformed()));
      if (name !== 'file') return void file.resume();
      if (stored) return giveUp(wrongFile('SEVERAL_FILES', 'There are several files in the form'));
      storing = file;
      file.once('limit', () => giveUp(tooLarge(maxBytes)));
      const facts = { fields, file_name: plainName(fileName) };
      stored = store(file, blobs, abort.signal).then((blob) => ({ ...blob, ...facts }));
      stored.catch(giveUp);
    });
    form.on('error', () => giveUp(malformed()));
    form.once('finish', () => {
      if (stored) stored.then(resolve, giveUp);
      else giveUp(wrongFile('NO_FILE', 'There is no file in the form'));
    });
    req.once('close', () => {
      if (!req.complete) giveUp(broken());
    });
    req.pipe(form);
  });
}

export async function receiveUpload(req: Request, to: Limits): Promise<Received> {
  try {
    return await readForm(req, openForm(req, to.maxBytes), to);
  } catch (error) {
    discard(req);
    throw error;
  }
}
