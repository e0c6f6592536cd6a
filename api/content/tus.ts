/**
 * The tus protocol (https://tus.io/protocols/resumable-upload) through its own package: it answers a request of the
 * web's kind, which is then put in our words. Whose upload it is, and what becomes of it, is decided by whoever asks.
 */
import { Readable } from 'node:stream';
import type { Request as ExpressRequest, RequestHandler, Response as ExpressResponse } from 'express';
import type { DataStore, ServerOptions } from '@tus/server' with { 'resolution-mode': 'import' };
import { HttpError } from '../http/errors';
import { noSuchUpload } from './finish';
import type { PartialUploads, UploadKey } from './partial-uploads';
import { discard, tooLarge } from './receive';
import { createLocker } from './upload-lock';

export const UPLOADS = '/api/content/uploads/resumable';
const VERSION = '1.0.0';
const BODY_TYPE = 'application/offset+octet-stream';
const EXTENSIONS = ['creation', 'creation-with-upload', 'expiration', 'termination'];
/** What a request that must give way has got is still written. */
const DRAIN_MS = 1_000;

/** Every answer says which protocol is spoken, OPTIONS also how; it stands before CORS, which ends OPTIONS. */
export const announceTus = (maxBytes: number): RequestHandler =>
  function announceTusMiddleware(req, res, next) {
    res.set('Tus-Resumable', VERSION);
    if (req.method === 'OPTIONS')
      res.set({
        'Tus-Version': VERSION,
        'Tus-Extension': EXTENSIONS.join(','),
        'Tus-Max-Size': String(maxBytes),
      });
    next();
  };

/** HEAD and whatever changes something must name the version. */
export function requireVersion(req: ExpressRequest, res: ExpressResponse): void {
  if (req.get('tus-resumable') === VERSION) return;
  res.set('Tus-Version', VERSION);
  throw new HttpError(412, 'TUS_VERSION', `This is version ${VERSION} of the tus protocol`, {
    hint: `Send Tus-Resumable: ${VERSION}, or a file in one piece to POST /api/content/uploads`,
  });
}

export const offsetConflict = (): HttpError =>
  new HttpError(409, 'OFFSET_CONFLICT', 'The upload does not stand at that Upload-Offset', {
    hint: 'Ask with HEAD where it stands, and go on from there',
  });

const unreadable = (message: string): HttpError =>
  new HttpError(400, 'BAD_REQUEST', message, { hint: 'https://tus.io/protocols/resumable-upload says how' });

/** What the package says, by its words where a status is not enough. */
function explain(status: number, said: string, maxBytes: number): HttpError {
  if (status === 409) return offsetConflict();
  if (status === 404 || status === 410) return noSuchUpload();
  if (said.startsWith('Maximum size')) return tooLarge(maxBytes);
  if (status === 413)
    return new HttpError(413, 'TOO_LARGE', 'There is more than Upload-Length announced', {
      hint: 'Begin a new upload with the right length',
    });
  if (/content-type/i.test(said))
    return new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body is not the next part of a file', {
      hint: `Send Content-Type: ${BODY_TYPE}`,
    });
  if (status === 501)
    return new HttpError(422, 'NOT_SUPPORTED', 'That extension of tus is not offered', {
      hint: `Announce Upload-Length, and send one part after the other; there are: ${EXTENSIONS.join(', ')}`,
    });
  if (said.startsWith('Request aborted'))
    return new HttpError(400, 'ABORTED', 'The request was broken off', {
      hint: 'Ask with HEAD where it stands',
    });
  return unreadable(said.trim());
}

/** All that the package may see: it has opinions on others. */
const HEADERS = [
  ...['tus-resumable', 'content-type', 'content-length', 'upload-offset', 'upload-length', 'upload-metadata'],
  ...['upload-defer-length', 'upload-concat'],
];

function asWebRequest(req: ExpressRequest): Request {
  const headers = new Headers();
  for (const name of HEADERS) if (req.headers[name]) headers.set(name, String(req.headers[name]));
  // JSON is read by now, wherever it is sent.
  const hasBody = !req.readableDidRead && !['HEAD', 'DELETE'].includes(req.method);
  const body = hasBody ? (Readable.toWeb(req) as RequestInit['body']) : undefined;
  return new Request(`http://localhost${UPLOADS}`, { method: req.method, headers, body, duplex: 'half' });
}

/** What is passed on of the package's answer. */
const ANSWERED = ['location', 'upload-metadata', 'connection'];

export interface TusDeps {
  readonly partials: PartialUploads;
  readonly maxBytes: number;
}

/** An ES module: what is compiled to CommonJS reaches it by `import()` alone. */
const load = () => import('@tus/server');

export function createTus({ partials, maxBytes }: TusDeps) {
  const locker = createLocker();

  const storeOf = async (owner_id: string): Promise<DataStore> => {
    const { DataStore, Upload } = await load();
    return Object.assign(new DataStore(), {
      extensions: EXTENSIONS,
      async create(upload: InstanceType<typeof Upload>) {
        const { id, size = 0, metadata = {} } = upload;
        await partials.create({ owner_id, id }, { length: size, metadata });
        return upload;
      },
      async getUpload(id: string) {
        const found = await partials.look({ owner_id, id });
        if (!found) throw noSuchUpload();
        const { length: size, offset, metadata, created_at } = found;
        return new Upload({
          id,
          size,
          offset,
          metadata: { ...metadata },
          creation_date: created_at.toISOString(),
        });
      },
      write: (data: Readable, id: string, offset: number) => partials.append({ owner_id, id }, data, offset),
      remove: (id: string) => partials.remove({ owner_id, id }),
    });
  };

  /** The package's answer to `req`, its headers already in `res`; or the reason why not. */
  return async function speak(
    { owner_id, id }: UploadKey,
    { req, res }: { req: ExpressRequest; res: ExpressResponse },
    onUploadCreate?: ServerOptions['onUploadCreate'],
  ): Promise<void> {
    let failure: unknown;
    const { Server } = await load();
    const server = new Server({
      ...{ path: UPLOADS, datastore: await storeOf(owner_id), maxSize: maxBytes, locker, onUploadCreate },
      lockDrainTimeout: DRAIN_MS,
      namingFunction: () => id,
      getFileIdFromRequest: () => id,
      generateUrl: () => `${UPLOADS}/${id}`,
      onResponseError: (_request, error) => void (failure = error),
    });
    const answer = await server.handleWeb(asWebRequest(req));
    if (answer.status < 400) {
      for (const name of ANSWERED)
        if (answer.headers.has(name)) res.set(name, answer.headers.get(name) ?? '');
      return;
    }
    discard(req);
    // Its own refusals have a status; others are ours, or the system's.
    if (typeof failure === 'object' && failure !== null && !('status_code' in failure))
      throw failure as Error;
    throw explain(answer.status, await answer.text(), maxBytes);
  };
}
