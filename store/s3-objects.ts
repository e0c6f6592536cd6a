/** What S3 does with one object: the calls behind `s3Blobs`. */
import { PassThrough, type Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Blobs, LinkFacts, StoredBlob } from './blobs';
import { asked, connectS3, QUESTION, statusOf, TIMEOUTS, type S3Place } from './s3-client';
import { later, verifying } from './s3-stream';
import { uploadFile } from './s3-upload';

export interface S3Objects extends Required<Pick<Blobs, 'stream' | 'remove' | 'link' | 'probe'>> {
  upload(file: string, blob: StoredBlob, signal?: AbortSignal): Promise<void>;
  /** Undefined too where the bucket is not there. */
  size(sha256: string, signal?: AbortSignal): Promise<number | undefined>;
}

/** Undefined instead of this one answer. */
const except =
  (status: number) =>
  (error: unknown): undefined => {
    if (statusOf(error) !== status) throw error;
  };

const NOT_THERE = 404;
/** A range behind the end, of which a file on the disk gives nothing. */
const BEHIND_THE_END = 416;

export function s3Objects({ prefix, ...place }: S3Place & { readonly prefix: string }): S3Objects {
  const client = connectS3(place);
  const { idleMs } = place.timeouts ?? TIMEOUTS;
  const Bucket = place.bucket;
  const target = (sha256: string) => ({ Bucket, Key: `${prefix}${sha256}` });

  const open = (sha256: string, Range?: string) => async (signal: AbortSignal) => {
    const command = new GetObjectCommand({ ...target(sha256), Range });
    const ask = () => client.send(command, { abortSignal: signal }).catch(except(BEHIND_THE_END));
    return (await asked(sha256, ask, signal))?.Body as Readable | undefined;
  };

  return {
    upload: (file, blob, signal) => uploadFile({ client, target: target(blob.sha256), file, blob, signal }),

    async size(sha256, signal) {
      const command = new HeadObjectCommand(target(sha256));
      const ask = () => client.send(command, { ...QUESTION, abortSignal: signal }).catch(except(NOT_THERE));
      return (await asked(sha256, ask, signal))?.ContentLength;
    },

    stream(sha256, range) {
      if (!range) return later(verifying(sha256), { open: open(sha256), idleMs });
      const asked = open(sha256, `bytes=${range.start}-${range.end}`);
      return later(new PassThrough(), { open: asked, idleMs });
    },

    async remove(sha256) {
      const command = new DeleteObjectCommand(target(sha256));
      await asked(sha256, () => client.send(command, QUESTION));
    },

    link(sha256, { media_type, disposition, expires_s }: LinkFacts) {
      const answer = { ResponseContentType: media_type, ResponseContentDisposition: disposition };
      const command = new GetObjectCommand({ ...target(sha256), ...answer });
      return asked(sha256, () => getSignedUrl(client, command, { expiresIn: expires_s }));
    },

    async probe(signal) {
      const command = new HeadBucketCommand({ Bucket });
      await asked(Bucket, () => client.send(command, { ...QUESTION, abortSignal: signal }), signal);
    },
  };
}
