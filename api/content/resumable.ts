/** Uploads that go on after a break, in the tus protocol: for long recordings and lines that fall. */
import type { Request, Response } from 'express';
import { endpoint, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { conflict, HttpError } from '../http/errors';
import { effectIdOf } from '../http/idempotency';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import type { Row } from './content';
import { createFinisher, type FinishDeps } from './finish';
import { EXPIRE_MS, type PartialUpload, type UploadKey } from './partial-uploads';
import { metadataFieldsOf, uploadSchema, type UploadState } from './schemas';
import { createTus, offsetConflict, requireVersion } from './tus';

export interface ResumableDeps extends FinishDeps {
  readonly maxBytes: number;
}

const VERSION_HEADER = { 'Tus-Resumable': 'The version of the protocol: 1.0.0' };

const empty = () =>
  new HttpError(422, 'EMPTY_UPLOAD', 'The file is empty', {
    field: 'Upload-Length',
    hint: 'Send some bytes',
  });

const keyOf = (req: Request, res: Response): UploadKey => ({
  ...{ owner_id: userOf(res), id: idOf(req, 'upload') },
});

const pathOf = ({ id }: { readonly id: string }): string => `/api/content/${id}`;

const unfinished = ({ id }: UploadKey, { offset, length, created_at }: PartialUpload): UploadState => ({
  ...{ id, offset, length, content_id: null },
  expires_at: new Date(created_at.getTime() + EXPIRE_MS).toISOString(),
});

const finished = ({ id }: UploadKey, row: Row): UploadState => ({
  ...{ id, offset: Number(row.bytes), length: Number(row.bytes), content_id: row.id, expires_at: null },
});

/** For whoever speaks the protocol; a body says the same. */
function setHeaders(res: Response, { offset, length, expires_at, content_id: id }: UploadState): void {
  res.set({ 'Upload-Offset': String(offset), 'Upload-Length': String(length), 'Cache-Control': 'no-store' });
  if (expires_at !== null) res.set('Upload-Expires', new Date(expires_at).toUTCString());
  if (id !== null) res.set('Content-Location', pathOf({ id }));
}

interface Announced {
  readonly size?: number;
  readonly metadata?: Readonly<Record<string, string | null>>;
}

/** The first request is where a file's name and length are judged. */
const onUploadCreate = async (_request: unknown, { size, metadata = {} }: Announced) => {
  if (!size) throw empty();
  metadataFieldsOf(metadata);
  return {};
};

function createUploads(deps: ResumableDeps) {
  const speak = createTus(deps);
  const finish = createFinisher(deps);
  return {
    speak,

    /** One that is whole becomes content now: after its last byte, or when somebody asks after a crash. */
    async stateOf(key: UploadKey): Promise<UploadState> {
      const upload = await deps.partials.look(key);
      if (upload && upload.offset < upload.length) return unfinished(key, upload);
      return finished(key, await finish(key));
    },
  };
}

type Uploads = ReturnType<typeof createUploads>;

const begin = ({ speak, stateOf }: Uploads) =>
  endpoint({
    summary: 'Begin a resumable upload (tus 1.0.0)',
    rule: ['content', 'create'],
    headers: {
      ...VERSION_HEADER,
      'Upload-Length': 'Bytes of the whole file',
      'Upload-Metadata': '`filename`, `title` and `language`, their values in Base64',
    },
    refuses: [412, 507],
    answers: { 201: { description: 'Send the bytes to Location by PATCH', data: uploadSchema } },
    async handle({ req, res }) {
      requireVersion(req, res);
      const key = { owner_id: userOf(res), id: effectIdOf(res) };
      await speak(key, { req, res }, onUploadCreate);
      const state = await stateOf(key);
      setHeaders(res, state);
      ok(res, state, 201);
    },
  });

const explain = endpoint({
  summary: 'Which parts of the tus protocol are spoken',
  rule: ['docs', 'read'],
  answers: { 204: { description: 'Tus-Version, Tus-Extension and Tus-Max-Size say it' } },
  handle: ({ res }) => void res.status(204).end(),
});

const look = ({ speak, stateOf }: Uploads) =>
  endpoint({
    summary: 'Where a resumable upload stands; tus asks by HEAD',
    rule: ['content', 'read'],
    headers: VERSION_HEADER,
    refuses: [412, 415, 507],
    answers: { 200: { description: 'Upload-Offset and Upload-Length say the same', data: uploadSchema } },
    async handle({ req, res }) {
      const key = keyOf(req, res);
      let state = await stateOf(key);
      if (req.method === 'HEAD') {
        requireVersion(req, res);
        // Whoever asks so wants to go on: a request that still writes ends first.
        if (state.content_id === null) await speak(key, { req, res });
        state = await stateOf(key);
      }
      setHeaders(res, state);
      ok(res, state);
    },
  });

const append = ({ speak, stateOf }: Uploads) =>
  endpoint({
    summary: 'Send the next part of a resumable upload; the last one makes it content',
    rule: ['content', 'create'],
    headers: { ...VERSION_HEADER, 'Upload-Offset': 'Where the part begins: where the upload stands' },
    refuses: [409, 412, 507],
    answers: {
      204: { description: 'Upload-Offset says how far; behind the last part Content-Location of what' },
    },
    async handle({ req, res }) {
      const key = keyOf(req, res);
      let state = await stateOf(key);
      requireVersion(req, res);
      if (state.content_id === null) {
        await speak(key, { req, res });
        state = await stateOf(key);
      } else if (req.get('upload-offset') !== String(state.offset)) throw offsetConflict();
      setHeaders(res, state);
      res.status(204).end();
    },
  });

const giveUp = ({ speak, stateOf }: Uploads) =>
  endpoint({
    summary: 'Give up a resumable upload',
    rule: ['content', 'create'],
    headers: VERSION_HEADER,
    refuses: [409, 412, 415, 507],
    answers: { 204: { description: 'Its parts are gone' } },
    async handle({ req, res }) {
      const key = keyOf(req, res);
      const { content_id } = await stateOf(key);
      requireVersion(req, res);
      if (content_id !== null)
        throw conflict('The upload is finished', `It is /api/content/${content_id} now`);
      await speak(key, { req, res });
      res.status(204).end();
    },
  });

/** GET tells what HEAD does, to whoever only wants to look. */
export function resumableRoutes(deps: ResumableDeps): Routes {
  const uploads = createUploads(deps);
  return {
    '/': { post: begin(uploads), options: explain },
    '/:id': { get: look(uploads), patch: append(uploads), delete: giveUp(uploads) },
  };
}
