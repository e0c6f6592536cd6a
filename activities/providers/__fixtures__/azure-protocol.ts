/**
 * The messages of the service's WebSockets, in the form that its SDK reads: headers, an empty line, a body; a binary
 * message has the length of its headers in front.
 */
export interface Message {
  readonly path: string;
  readonly requestId: string;
  readonly body: Buffer;
}

export type Frame = string | Buffer;

const TICKS_PER_SECOND = 10_000_000;
export const ticks = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);

export function readMessage(data: Buffer, isBinary: boolean): Message {
  const end = isBinary ? 2 + data.readUInt16BE(0) : data.indexOf('\r\n\r\n') + 2;
  const lines = data.toString('utf8', isBinary ? 2 : 0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => [
      line.split(':', 1).join('').toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return {
    ...{ path: headers.get('path') ?? '', requestId: headers.get('x-requestid') ?? '' },
    body: data.subarray(isBinary ? end : end + 2),
  };
}

export const jsonFrame = (path: string, requestId: string, body: unknown): Frame =>
  [`X-RequestId:${requestId}`, 'Content-Type:application/json; charset=utf-8', `Path:${path}`, '', ''].join(
    '\r\n',
  ) + JSON.stringify(body);

export function audioFrame(requestId: string, streamId: string, audio: Buffer): Frame {
  const headers = Buffer.from(
    [`X-RequestId:${requestId}`, 'Content-Type:audio/x-wav', `X-StreamId:${streamId}`, 'Path:audio', ''].join(
      '\r\n',
    ),
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(headers.length);
  return Buffer.concat([length, headers, audio]);
}
