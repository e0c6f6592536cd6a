import type { Response } from 'express';
import { ok } from '../http/envelope';
import type { AcceptedJob } from './schemas';

/** 202 as the seed prints it: `job_id`, `status`, `estimated_time` in seconds; and where to go on. */
export function accepted(res: Response, { job_id, status, estimated_time, links }: AcceptedJob): void {
  res.location(links.self);
  ok(res, { job_id, status, estimated_time, links }, 202);
}
