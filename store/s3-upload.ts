/** A local file becomes an object, whole or not at all. */
import { open, readFile } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { StoredBlob } from './blobs';
import { asked } from './s3-client';

/** S3 takes parts of 5 MiB and more, and 10,000 of them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 8 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** Parts in memory and on the way at once. */
const TOGETHER = 4;

interface Uploading {
  readonly client: S3Client;
  readonly target: { readonly Bucket: string; readonly Key: string };
  readonly file: string;
  readonly blob: StoredBlob;
  readonly signal?: AbortSignal;
}

/** Of each part, computed by the SDK and compared by S3. */
const CHECKSUM = { ChecksumAlgorithm: 'CRC32' } as const;

/** S3 refuses it unless the bytes are what their name says. */
async function putWhole({ client, target, file, blob, signal }: Uploading): Promise<void> {
  const ChecksumSHA256 = Buffer.from(blob.sha256, 'hex').toString('base64');
  const checked = { ChecksumAlgorithm: 'SHA256', ChecksumSHA256 } as const;
  const command = new PutObjectCommand({ ...target, ...checked, Body: await readFile(file) });
  await asked(blob.sha256, () => client.send(command, { abortSignal: signal }), signal);
}

async function readPart(file: string, start: number, bytes: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** All have ended when it ends, so that none comes after the upload was given up. */
async function sendParts(uploading: Uploading, UploadId: string): Promise<CompletedPart[]> {
  const { client, target, file, blob, signal } = uploading;
  const partBytes = Math.max(PART_BYTES, Math.ceil(blob.bytes / MOST_PARTS));

  async function sendPart(start: number): Promise<CompletedPart> {
    const PartNumber = start / partBytes + 1;
    const Body = await readPart(file, start, Math.min(partBytes, blob.bytes - start));
    const command = new UploadPartCommand({ ...target, ...CHECKSUM, UploadId, PartNumber, Body });
    const { ETag, ChecksumCRC32 } = await client.send(command, { abortSignal: signal });
    return { PartNumber, ETag, ChecksumCRC32 };
  }

  const sent: CompletedPart[] = [];
  for (let from = 0; from < blob.bytes; from += TOGETHER * partBytes) {
    const starts = Array.from({ length: TOGETHER }, (_, index) => from + index * partBytes);
    const inFile = starts.filter((start) => start < blob.bytes);
    const settled = await Promise.allSettled(inFile.map(sendPart));
    for (const part of settled) {
      if (part.status === 'rejected') throw part.reason;
      sent.push(part.value);
    }
  }
  return sent;
}

/**
 * The SDK's own `Upload` (lib-storage) settles before its parts have, and leaves the upload behind, which is paid for,
 * where the last call fails. What a killed process leaves, only a lifecycle rule of the bucket removes:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
async function putInParts(uploading: Uploading): Promise<void> {
  const { client, target, signal } = uploading;
  const begin = new CreateMultipartUploadCommand({ ...target, ...CHECKSUM });
  const { UploadId = '' } = await client.send(begin, { abortSignal: signal });
  try {
    const MultipartUpload = { Parts: await sendParts(uploading, UploadId) };
    const complete = new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload });
    await client.send(complete, { abortSignal: signal });
  } catch (error) {
    // The first reason is the one to tell.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    throw error;
  }
}

export async function uploadFile(uploading: Uploading): Promise<void> {
  const { blob, signal } = uploading;
  if (blob.bytes <= PART_BYTES) return putWhole(uploading);
  await asked(blob.sha256, () => putInParts(uploading), signal);
}
