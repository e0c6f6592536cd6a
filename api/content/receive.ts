/** One file of a multipart body, streamed to the blob store; never whole in memory, never under its own name. */
import { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Request } from 'express';
import type { Blobs, StoredBlob } from '../../store/blobs';
import { HttpError } from '../http/errors';
import { sniff, SNIFF_BYTES, type Sniffed } from './sniff';

export interface Received extends StoredBlob, Sniffed {
  readonly file_name: string;
  /** The other parts of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

const SUPPORTED = 'wav, mp3, m4a, ogg/opus, webm, flac, mp4 and plain text';

const tooLarge = (maxBytes: number) =>
  new HttpError(413, 'TOO_LARGE', `The file is larger than ${maxBytes} bytes`, {
    field: 'file',
    max_bytes: maxBytes,
    hint: 'Split it, compress it, or ask the operator to raise MAX_UPLOAD_BYTES',
  });

const unsupported = () =>
  new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The file is of a type that is not read', {
    field: 'file',
    hint: `Send ${SUPPORTED}`,
  });

const missing = (code: string, message: string) =>
  new HttpError(422, code, message, {
    field: 'file',
    hint: 'Send the file as the multipart part named "file"',
  });

/** The first bytes, and everything again from the start. */
async function peek(file: Readable): Promise<{ head: Buffer; whole: Readable }> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head: Buffer = Buffer.alloc(0);
  while (head.length < SNIFF_BYTES) {
    const next = await chunks.next();
    if (next.done) return { head, whole: Readable.from([head]) };
    head = Buffer.concat([head, next.value]);
  }
  async function* everything() {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { head, whole: Readable.from(everything()) };
}

async function store(file: BusboyFileStream, { blobs, maxBytes }: Limits, signal: AbortSignal) {
  const { head, whole } = await peek(file);
  if (head.length === 0) throw missing('EMPTY_UPLOAD', 'The file is empty');
  const sniffed = sniff(head);
  if (!sniffed) throw unsupported();
  const blob = await blobs.put(whole, signal);
  if (!file.truncated) return { ...blob, ...sniffed };
  await blobs.remove(blob.sha256);
  throw tooLarge(maxBytes);
}

/** Folders and control characters of a client's file name are dropped; it is shown, and never used as a path. */
function plainName(name: string | undefined): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return (
    base
      .replace(/[\u0000-\u001f\u007f]/g, '')
      .trim()
      .slice(0, 200) || 'upload'
  );
}

/** Bytes of a multipart body beside the file itself. */
const FORM_OVERHEAD = 65_536;

export interface Limits {
  readonly blobs: Blobs;
  readonly maxBytes: number;
}

function checkHeaders(req: Request, maxBytes: number): void {
  if (!req.is('multipart/form-data')) {
    const hint = 'curl -F file=@lecture.mp3 …';
    throw new HttpError(415, 'NOT_MULTIPART', 'The body is not multipart/form-data', { hint });
  }
  if (Number(req.get('content-length') ?? 0) > maxBytes + FORM_OVERHEAD) throw tooLarge(maxBytes);
}

export async function receiveUpload(req: Request, to: Limits): Promise<Received> {
  checkHeaders(req, to.maxBytes);
  const fields: Record<string, string> = {};
  const abort = new AbortController();
  const form = new Busboy({
    headers: req.headers as { 'content-type': string },
    limits: { files: 1, fileSize: to.maxBytes, fields: 20, fieldSize: 10_000 },
  });

  return new Promise<Received>((resolve, reject) => {
    let stored: Promise<Received> | undefined;
    const giveUp = (error: unknown) => {
      abort.abort(error);
      req.unpipe(form);
      req.resume();
      reject(error);
    };
    form.on('field', (name, value) => (fields[name] = value));
    form.on('file', (name, file, fileName) => {
      if (name !== 'file') return void file.resume();
      const facts = { fields, file_name: plainName(fileName) };
      stored = store(file, to, abort.signal).then((blob) => ({ ...blob, ...facts }));
      stored.catch(giveUp);
    });
    form.once('error', () =>
      giveUp(new HttpError(400, 'MALFORMED_FORM', 'The multipart body cannot be read')),
    );
    form.once('finish', () => {
      if (stored) stored.then(resolve, giveUp);
      else giveUp(missing('NO_FILE', 'There is no file in the form'));
    });
    req.once('aborted', () => giveUp(new HttpError(400, 'ABORTED', 'The upload was broken off')));
    req.pipe(form);
  });
}
