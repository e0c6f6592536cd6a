import type { RequestHandler, Response } from 'express';
import { removeUnusedBlobs } from '../../prisma/blobs';
import type { Db } from '../../prisma/client';
import { unlessErased } from './content';
import { examine } from './examine';
import { receiveUpload, type Limits, type Received } from './receive';

interface Deps {
  readonly db: Db;
  readonly uploads: Limits;
  readonly onError: (error: unknown) => void;
}

/** Takes the form in before the handler runs: `uploadOf` is its file, the body its fields. */
export const receives = ({ db, uploads, onError }: Deps): RequestHandler =>
  async function receivesMiddleware(req, res, next) {
    const { blobs } = uploads;
    const upload = await receiveUpload(req, uploads);
    beforeRefusal(res, () => removeUnusedBlobs(db, [upload.sha256], blobs.remove).catch(onError));
    const found = await examine(await blobs.file(upload.sha256), upload).catch(unlessErased);
    res.locals['upload'] = { ...upload, ...found };
    req.body = { ...upload.fields };
    next();
  };

/** A file whose row is not written does not stay: whoever is told so finds it gone. */
function beforeRefusal(res: Response, tidy: () => Promise<void>): void {
  const send = res.json.bind(res);
  res.json = (body) => {
    res.json = send;
    if (res.statusCode < 400) return send(body);
    void tidy().then(() => send(body));
    return res;
  };
}

export const uploadOf = (res: Response): Received => res.locals['upload'] as Received;
