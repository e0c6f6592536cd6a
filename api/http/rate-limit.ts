/** How many requests one caller may make: a budget that can be spent at once and comes back all the time. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Tier } from '../../domain/access';
import type { Bucket, Buckets, Taken } from '../../store/buckets';
import { HttpError } from './errors';
import { principalOf, type Principal } from './principal';

const perMinute = (requests: number): Bucket => ({ capacity: requests, refill_per_s: requests / 60 });

const BUDGETS: Readonly<Record<'anonymous' | Tier, Bucket>> = {
  anonymous: perMinute(10),
  free: perMinute(100),
  premium: perMinute(1000),
};

/**
 * One household or machine is given a whole /64 of IPv6, so that is counted as one. An IPv4 address stays what it is,
 * also as `::ffff:192.0.2.1`, which a server that listens on both sees.
 */
export function networkOf(address: string | undefined): string {
  const [plain = ''] = (address ?? '').split('%');
  if (isIPv4(plain)) return plain;
  // What a proxy calls an address and is none: together, or every new name would be a new budget.
  if (!isIPv6(plain)) return 'unknown';
  // A URL's host has one spelling: lower case, the shortest, the end in hexadecimal.
  const canonical = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(canonical);
  if (mapped) return mapped.slice(1).flatMap(bytesOf).join('.');
  return `${groupsOf(canonical).slice(0, 4).join(':')}::/64`;
}

const bytesOf = (group: string): number[] => {
  const value = parseInt(group, 16);
  return [value >> 8, value & 255];
};

/** All eight, with the zeros that `::` stands for. */
function groupsOf(canonical: string): string[] {
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail];
}

function accountOf({ user_id, tier }: Principal, req: Request): { key: string; bucket: Bucket } {
  if (user_id === undefined) return { key: `address:${networkOf(req.ip)}`, bucket: BUDGETS.anonymous };
  return { key: `user:${user_id}`, bucket: BUDGETS[tier] };
}

/** `Reset` is when the whole budget is there again, in Unix seconds. */
function show(res: Response, { capacity }: Bucket, { remaining, full_in_s }: Taken): void {
  res.set('X-RateLimit-Limit', String(capacity));
  res.set('X-RateLimit-Remaining', String(remaining));
  res.set('X-RateLimit-Reset', String(Math.ceil(Date.now() / 1000 + full_in_s)));
}

const AN_ACCOUNT_HELPS = `; an account has ${BUDGETS.free.capacity} a minute`;

const tooMany = (bucket: Bucket, { retry_after_s }: Taken): HttpError =>
  new HttpError(429, 'RATE_LIMITED', `These are more than ${bucket.capacity} requests a minute`, {
    hint: `Wait for retry_after_s seconds${bucket === BUDGETS.anonymous ? AN_ACCOUNT_HELPS : ''}`,
    retry_after_s: Math.max(1, Math.ceil(retry_after_s)),
  });

/**
 * A user is counted wherever he comes from, a stranger by his address. Services are not counted: their
 * `X-RateLimit-Limit` is the word `unlimited`, and nothing can remain or come back.
 */
export const rateLimit = (buckets: Pick<Buckets, 'take'>): RequestHandler =>
  async function rateLimitMiddleware(req, res, next) {
    const principal = principalOf(res);
    if (principal.role === 'service') {
      res.set('X-RateLimit-Limit', 'unlimited');
      return next();
    }
    const { key, bucket } = accountOf(principal, req);
    const taken = await buckets.take(key, bucket);
    show(res, bucket, taken);
    if (!taken.allowed) throw tooMany(bucket, taken);
    next();
  };
