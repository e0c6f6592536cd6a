/** The frames of AWS's event streams: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream */
import { crc32 } from 'node:zlib';

const STRING = 7;

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(STRING),
    length,
    Buffer.from(value),
  ]);
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function frame(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  // Two lengths, three checksums' worth of frame around headers and payload.
  const lengths = Buffer.concat([uint32(16 + head.length + body.length), uint32(head.length)]);
  const unsigned = Buffer.concat([lengths, uint32(crc32(lengths)), head, body]);
  return Buffer.concat([unsigned, uint32(crc32(unsigned))]);
}

const JSON_TYPE = { ':content-type': 'application/json' };

export const event = (type: string, payload: object): Buffer =>
  frame({ ':event-type': type, ...JSON_TYPE, ':message-type': 'event' }, payload);

export const exception = (type: string, message: string): Buffer =>
  frame({ ':exception-type': type, ...JSON_TYPE, ':message-type': 'exception' }, { message });

/** One that no model of the service foresees. */
export const unforeseen = (code: string, message: string): Buffer =>
  frame({ ':error-code': code, ':error-message': message, ':message-type': 'error' }, {});
