/** Guessing passwords is slowed down, by account and by address, whether or not the account exists. */
import { createHash } from 'node:crypto';
import type { Bucket, Buckets } from '../../store/buckets';
import { HttpError } from '../http/errors';

/** Then one more each minute and a half: 970 a day against an account. */
const PER_ACCOUNT: Bucket = { capacity: 10, refill_per_s: 1 / 90 };
/** A class behind one router logs in together. */
const PER_ADDRESS: Bucket = { capacity: 60, refill_per_s: 1 / 5 };

export interface Throttle {
  /** Counts an attempt before it is looked at, so that many at once are slowed down too. */
  attempt(email: string, address: string): Promise<void>;
  /** It was right: what was counted against the account is forgotten. */
  succeeded(email: string): Promise<void>;
}

/** Addresses of users are not written into Redis. */
const accountKey = (email: string): string =>
  `login:account:${createHash('sha256').update(email).digest('base64url')}`;

export const createThrottle = (buckets: Buckets): Throttle => ({
  async attempt(email, address) {
    const taken = await Promise.all([
      buckets.take(accountKey(email), PER_ACCOUNT),
      buckets.take(`login:address:${address}`, PER_ADDRESS),
    ]);
    if (taken.every(({ allowed }) => allowed)) return;
    const retry_after_s = Math.ceil(Math.max(1, ...taken.map((one) => one.retry_after_s)));
    throw new HttpError(429, 'TOO_MANY_ATTEMPTS', 'There were too many attempts to log in', {
      ...{ hint: `Wait ${retry_after_s} s, or reset the password`, retry_after_s },
    });
  },
  succeeded: (email) => buckets.forget(accountKey(email)),
});
