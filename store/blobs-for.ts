/** Where an installation keeps its blobs: in a bucket, where it has one, or else in a folder. */
import path from 'node:path';
import { diskBlobs, type Blobs } from './blobs';
import { copiesIn } from './copies';
import { incomingIn } from './incoming';
import { s3Blobs } from './s3-blobs';

interface BlobSettings {
  readonly data_dir: string;
  readonly s3: {
    readonly bucket?: string;
    readonly region: string;
    readonly endpoint?: string;
    readonly prefix: string;
  };
}

interface Kept {
  readonly blobs: Blobs;
  /** Folders whose files nobody needs once they are untouched for hours; copies of what was erased elsewhere too. */
  readonly scratch: readonly string[];
}

export function blobsFor({ data_dir, s3: { bucket, ...s3 } }: BlobSettings): Kept {
  if (bucket === undefined) {
    const folder = path.join(data_dir, 'blobs');
    return { blobs: diskBlobs(folder), scratch: [incomingIn(folder)] };
  }
  const folder = path.join(data_dir, 'blob-cache');
  return { blobs: s3Blobs({ ...s3, bucket, folder }), scratch: [incomingIn(folder), copiesIn(folder)] };
}
