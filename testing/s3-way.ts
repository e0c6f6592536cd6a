/** A way to a real S3 server that notes what is asked, and on which answers can be delayed, broken or falsified. */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';

export type S3Call =
  'begin' | 'part' | 'complete' | 'abort' | 'put' | 'get' | 'head' | 'delete' | 'bucket' | 'other';

/** A status to answer with, silence, half of the body, or all of it with one byte changed. */
export type S3Fault = number | 'silent' | 'half' | 'garbled';

export interface S3Way {
  readonly url: string;
  /** In order. */
  readonly calls: S3Call[];
  /** Decides of each call, as it comes, what goes wrong; undefined: nothing. */
  disturb(fault: (call: S3Call) => S3Fault | undefined): void;
  close(): void;
}

const BY_METHOD: Readonly<Record<string, S3Call>> = {
  PUT: 'put',
  GET: 'get',
  HEAD: 'head',
  DELETE: 'delete',
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html */
function callOf({ method = '', url = '' }: http.IncomingMessage): S3Call {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  if (searchParams.has('uploads')) return 'begin';
  if (searchParams.has('partNumber')) return 'part';
  if (searchParams.has('uploadId')) return method === 'DELETE' ? 'abort' : 'complete';
  if (!/^\/[^/]+\/./.test(pathname)) return 'bucket';
  return BY_METHOD[method] ?? 'other';
}

function falsify(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[0]! ^= 1;
  return changed;
}

function answer(res: http.ServerResponse, from: http.IncomingMessage, fault: S3Fault | undefined): void {
  res.writeHead(from.statusCode ?? 500, from.headers);
  if (fault === undefined) return void from.pipe(res);
  from.once('data', (bytes: Buffer) => {
    if (fault === 'garbled') res.write(falsify(bytes), () => from.pipe(res));
    else res.write(bytes.subarray(0, bytes.length / 2), () => res.destroy());
    from.pause();
  });
}

export async function createS3Way(to: string): Promise<S3Way> {
  const { hostname, port } = new URL(to);
  const calls: S3Call[] = [];
  let faultOf: (call: S3Call) => S3Fault | undefined = () => undefined;
  const server = http.createServer((req, res) => {
    const call = callOf(req);
    calls.push(call);
    const fault = faultOf(call);
    if (fault === 'silent') return void req.resume();
    if (typeof fault === 'number') return void req.resume().once('end', () => res.writeHead(fault).end());
    const { method, url: path, headers } = req;
    const onward = http.request({ hostname, port, method, path, headers }, (from) =>
      answer(res, from, fault),
    );
    onward.on('error', () => res.destroy());
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    calls,
    disturb: (fault) => void (faultOf = fault),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
