import type { Response } from 'express';
import type { Answer } from '../http/endpoint';
import { ok } from '../http/envelope';
import { acceptedSchema, type AcceptedJob } from './schemas';

/** How a job is accepted, in the terms of an endpoint's declaration. */
export const ACCEPTED: Readonly<Record<number, Answer>> = {
  202: { description: 'The job is accepted; follow it at `links.self`', data: acceptedSchema },
};

/** 202 as the seed prints it: `job_id`, `status`, `estimated_time` in seconds; and where to go on. */
export function accepted(res: Response, { job_id, status, estimated_time, links }: AcceptedJob): void {
  res.location(links.self);
  ok(res, { job_id, status, estimated_time, links }, 202);
}
