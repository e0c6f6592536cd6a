/** An upload that is whole becomes content, by the same way as one in a form. */
import { removeUnusedBlobs } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import { uuidOf } from '../../prisma/ids';
import type { Blobs } from '../../store/blobs';
import { HttpError, notFound } from '../http/errors';
import { isGone, saveContent, unlessErased, type Row } from './content';
import { examine } from './examine';
import type { PartialUpload, PartialUploads, UploadKey } from './partial-uploads';
import { plainName, store } from './receive';
import { metadataFieldsOf } from './schemas';

export interface FinishDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly partials: PartialUploads;
  readonly onError: (error: unknown) => void;
}

/** What an upload becomes: finished twice, it is still one. */
const contentIdOf = (upload_id: string): string => uuidOf('content', upload_id);

async function makeContent(
  { db, blobs, partials, onError }: FinishDeps,
  key: UploadKey,
  { metadata }: PartialUpload,
): Promise<Row> {
  const file = partials.read(key);
  // What is refused by its first bytes is not read to its end.
  const blob = await store(file, blobs).finally(() => file.destroy());
  const { filename, ...fields } = metadataFieldsOf(metadata);
  try {
    const found = await examine(await blobs.file(blob.sha256), blob).catch(unlessErased);
    const received = { ...blob, ...found, file_name: plainName(filename), fields: {} };
    const saving = { db, blobs, owner_id: key.owner_id, id: contentIdOf(key.id) };
    return await saveContent(saving, received, fields);
  } catch (error) {
    await removeUnusedBlobs(db, [blob.sha256], blobs.remove).catch(onError);
    throw error;
  }
}

const isRefused = (error: unknown): boolean => error instanceof HttpError && error.status < 500;

/** What is refused goes; where a part of ours failed, the bytes wait for the next try. */
async function finish(deps: FinishDeps, key: UploadKey, upload: PartialUpload): Promise<Row> {
  try {
    const row = await makeContent(deps, key, upload);
    await deps.partials.remove(key);
    return row;
  } catch (error) {
    if (isRefused(error)) await deps.partials.remove(key);
    throw error;
  }
}

export const noSuchUpload = (): HttpError =>
  notFound('upload', { hint: 'Only your own are shown, for a day: begin anew with POST' });

/** Requests that come for the same upload meanwhile wait for the one that is at it; what is finished is found. */
export function createFinisher(deps: FinishDeps) {
  const underWay = new Map<string, Promise<Row>>();

  const find = async (key: UploadKey, otherwise: unknown): Promise<Row> => {
    const where = { id: contentIdOf(key.id), owner_id: key.owner_id };
    const row = await deps.db.content.findFirst({ where });
    if (!row) throw otherwise;
    return row;
  };

  const start = async (key: UploadKey): Promise<Row> => {
    const upload = await deps.partials.look(key);
    if (!upload) return find(key, noSuchUpload());
    // Another process may finish it first.
    return finish(deps, key, upload).catch((error: unknown) =>
      isGone(error) ? find(key, error) : Promise.reject(error),
    );
  };

  return (key: UploadKey): Promise<Row> => {
    const name = `${key.owner_id}/${key.id}`;
    const finishing = underWay.get(name) ?? start(key).finally(() => underWay.delete(name));
    underWay.set(name, finishing);
    return finishing;
  };
}
