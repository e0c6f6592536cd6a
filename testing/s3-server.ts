/** S3 for tests: moto (PyPI `moto[server]`), which keeps objects in memory and checks no signatures. */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe } from '@jest/globals';

export interface TestBucket {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly client: S3Client;
  /** Keys of its objects. */
  keys(): Promise<string[]>;
  /** Keys of uploads in parts that were neither completed nor given up. */
  unfinished(): Promise<string[]>;
}

export interface S3Server {
  readonly url: string;
  createBucket(): Promise<TestBucket>;
  stop(): Promise<void>;
}

/** Older ones do not know what a link says of its answer's headers. */
const OLDEST = '5.2.5';

/** Of the Python on PATH, which is the one of the command; where it knows of none, the command decides. */
const VERSION_OF_MOTO = 'from importlib.metadata import version; print(version("moto"))';

function isThere(): boolean {
  if (spawnSync('which', ['moto_server']).status !== 0) return false;
  const version = spawnSync('python3', ['-c', VERSION_OF_MOTO], { encoding: 'utf8' }).stdout.trim();
  return version === '' || version.localeCompare(OLDEST, 'en', { numeric: true }) >= 0;
}

/** A `describe` that says what is missing and skips; in CI, which installs it, that is a failure. */
export function describeWithS3(): typeof describe | typeof describe.skip {
  if (isThere()) return describe;
  const message = `missing: moto_server (pip install "moto[server]>=${OLDEST}")`;
  if (process.env.CI) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return describe.skip;
}

const REGION = 'us-east-1';

/** What the SDK must find somewhere; moto takes any. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: 'of-tests', AWS_SECRET_ACCESS_KEY: 'known-to-tests' };

function bucketOf(client: S3Client, endpoint: string, bucket: string): TestBucket {
  return {
    ...{ bucket, client, endpoint, region: REGION },
    async keys() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async unfinished() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.map(({ Key = '' }) => Key);
    },
  };
}

/** moto prints where it listens among its log of requests. */
async function urlIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /Running on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('moto_server ended before it listened');
}

/** Also sets keys in the environment, where the SDK looks for them. */
export async function startS3(): Promise<S3Server> {
  Object.assign(process.env, S3_KEYS);
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await urlIn(server.stderr);
  server.stderr.resume();
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const client = new S3Client({ region: REGION, endpoint: url, forcePathStyle: true });
  return {
    url,
    async createBucket() {
      const bucket = `test-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucketOf(client, url, bucket);
    },
    stop() {
      client.destroy();
      server.kill();
      return ended;
    },
  };
}
