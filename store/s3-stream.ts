/** Bodies that come later, and whether they are what was asked for. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { BlobsAwayError } from './blobs';
import { away } from './s3-client';

/** Lets bytes through, and fails at their end if they are not what the name says. */
export function verifying(sha256: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const isRight = hash.digest('hex') === sha256;
      done(isRight ? null : new BlobsAwayError(`S3: the bytes of ${sha256} are not what was stored`));
    },
  });
}

/**
 * A server that is silent ends a download; a reader that pauses does not. The socket's own clock cannot tell the two,
 * so it is put aside once the body comes.
 */
function endSilence(body: Readable, into: Transform, idleMs: number): void {
  const { socket } = body as Partial<IncomingMessage>;
  if (!socket) return;
  socket.setTimeout(0);
  let before = socket.bytesRead;
  const looking = setInterval(() => {
    const isWanted = !into.writableNeedDrain;
    if (isWanted && socket.bytesRead === before)
      into.destroy(new BlobsAwayError(`S3: no byte came for ${idleMs / 1_000} s`));
    before = socket.bytesRead;
  }, idleMs);
  const stop = () => clearInterval(looking);
  body.once('end', stop);
  into.once('close', stop);
}

interface Later {
  readonly open: (signal: AbortSignal) => Promise<Readable | undefined>;
  /** Milliseconds without a byte that is wanted. */
  readonly idleMs: number;
}

/** A stream now of a body that comes later, or never; given up, it asks no longer. */
export function later(into: Transform, { open, idleMs }: Later): Readable {
  const giveUp = new AbortController();
  into.once('close', () => giveUp.abort());
  const connect = (body: Readable | undefined) => {
    if (!body) return void into.end();
    body.once('error', (error) => into.destroy(away(error)));
    into.once('close', () => body.destroy());
    // It was given up in the same moment.
    if (into.destroyed) body.destroy();
    else body.pipe(into);
    endSilence(body, into, idleMs);
  };
  open(giveUp.signal).then(connect, (error: Error) => into.destroy(error));
  return into;
}
