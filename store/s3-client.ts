/** S3, and what speaks like it: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html */
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { BlobsAwayError } from './blobs';

export interface S3Place {
  readonly bucket: string;
  readonly region: string;
  /** Another address of the service, for example MinIO's; buckets are then part of the path. */
  readonly endpoint?: string;
  readonly timeouts?: S3Timeouts;
}

interface S3Timeouts {
  readonly connectMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
}

export const TIMEOUTS: S3Timeouts = { connectMs: 5_000, idleMs: 60_000 };

/** Each download under way holds one. */
const SOCKETS = 500;

/**
 * Keys, roles and profiles are found as by every AWS program.
 *
 * Here the SDK tries three times, unlike a vendor's: it costs nothing, S3 asks for it (`503 SlowDown`), and uploads
 * and downloads of the API have no engine behind them that would. A body that breaks off midway is not tried again.
 */
export function connectS3({ region, endpoint, timeouts = TIMEOUTS }: S3Place): S3Client {
  const { connectMs, idleMs } = timeouts;
  return new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    maxAttempts: 3,
    // Ours are asked for where they help: what comes is checked by its name, and links are to have none.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would open a connection for each part, and wait where a server does not know it.
    expectContinueHeader: false,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
      throwOnRequestTimeout: true,
    }),
  });
}

interface Said {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A question without a body of its own is answered at once or, after three tries, not at all. */
export const QUESTION = { requestTimeout: 5_000 };

export const missing = (sha256: string): Error =>
  Object.assign(new Error(`There is no blob ${sha256}`), { code: 'ENOENT' });

export const statusOf = (error: unknown): number | undefined =>
  (error as Said | null)?.$metadata?.httpStatusCode;

/** Its name and status alone: S3's longer words and the SDK's fields name keys and signatures. */
export function away(error: unknown): BlobsAwayError {
  if (error instanceof BlobsAwayError) return error;
  const { code, name } = (error ?? {}) as Said;
  const status = statusOf(error);
  return new BlobsAwayError(`S3: ${code ?? name ?? 'no answer'}${status ? ` (${status})` : ''}`);
}

/** A call of the SDK whose outcome is a value, "not there", "away", or the signal's reason. */
export async function asked<Answer>(
  sha256: string,
  call: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    throw (error as Said | null)?.name === 'NoSuchKey' ? missing(sha256) : away(error);
  }
}
