/** A job as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { once } from 'node:events';
import type { Request, Response } from 'express';
import { isFinal } from '../../domain/job';
import type { Asked } from '../http/endpoint';
import { notFound } from '../http/errors';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { endOfWait, knownRevisions } from './known';
import type { Job } from './schemas';
import type { JobReader } from './status';

/** Milliseconds after which a client whose stream broke comes back. */
const RETRY_MS = 2_000;
/** Proxies cut what is silent for longer. */
const ALIVE_MS = 15_000;

export const EVENT_STREAM = 'text/event-stream';

const HEADERS = {
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no', // nginx would collect the events
};

/** A revision is the id under which a client comes back; a percent has none. */
function eventOf(job: Job, known: number | undefined): string {
  if (job.revision !== known) return `id: ${job.revision}\nevent: job\ndata: ${JSON.stringify(job)}\n\n`;
  const { job_id, revision, phase, progress } = job;
  return `event: progress\ndata: ${JSON.stringify({ job_id, revision, phase, progress })}\n\n`;
}

/** The revision that a client has who comes back. */
const knownOf = (req: Request): number | undefined =>
  knownRevisions(`"${req.get('last-event-id') ?? ''}"`)[0];

/** Writes each state of the job; a client that reads slowly gets fewer of them. */
async function stream(
  res: Response,
  jobs: AsyncIterable<Job>,
  { known, signal }: { readonly known?: number; readonly signal: AbortSignal },
): Promise<void> {
  res.status(200).set(HEADERS);
  res.write(`retry: ${RETRY_MS}\n\n`);
  const alive = setInterval(() => res.write(': alive\n\n'), ALIVE_MS);
  let last = known;
  try {
    for await (const job of jobs) {
      if (!res.write(eventOf(job, last))) await once(res, 'drain', { signal });
      last = job.revision;
    }
  } catch (error) {
    // The client has gone, and nobody is left to tell. Anything else breaks the stream, and the client comes back.
    if (!signal.aborted) res.destroy(error as Error);
  } finally {
    clearInterval(alive);
    res.end();
  }
}

interface Deps {
  readonly reader: JobReader;
  readonly stopping: AbortSignal;
}

export async function sendEvents(
  { req, res }: Asked<unknown, unknown>,
  { reader, stopping }: Deps,
): Promise<void> {
  const id = idOf(req, 'job');
  const owner_id = userOf(res);
  const job = await reader.read(owner_id, id);
  if (!job) throw notFound('job');
  const known = knownOf(req);
  // By the standard, 204 tells a client to come back no more.
  if (isFinal(job.status) && known === job.revision) return void res.status(204).end();
  // Who asks for the headers alone would wait for the end of the stream.
  if (req.method === 'HEAD') return void res.set(HEADERS).end();
  const signal = endOfWait(res, stopping);
  await stream(res, reader.follow(owner_id, id, signal), { known, signal });
}
