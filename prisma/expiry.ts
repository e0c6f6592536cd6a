/** Rows that nobody needs any more: what, after how long, and why. */
import type { Db } from './client';

const DAY_H = 24;

export interface Expiry {
  readonly what: string;
  readonly table: string;
  readonly key: string;
  /** Counted from this column; rows without it stay. */
  readonly since: string;
  /** SQL: which of them. */
  readonly only?: string;
  readonly after_h: number;
  readonly why: string;
}

/** In this order: sessions take their tokens with them, so the many used ones go first. */
export const EXPIRIES: readonly Expiry[] = [
  {
    ...{ what: 'used refresh tokens', table: 'refresh_tokens', key: 'hash', since: 'used_at' },
    ...{ after_h: 30 * DAY_H, why: 'a copy of one would be out of date by now, had it never been used' },
  },
  {
    ...{ what: 'sessions that were ended', table: 'sessions', key: 'id', since: 'ended_at' },
    ...{ after_h: 31 * DAY_H, why: 'a month to look into a theft' },
  },
  {
    ...{ what: 'sessions that ran out', table: 'sessions', key: 'id', since: 'expires_at' },
    ...{ after_h: 31 * DAY_H, why: 'a month to look into a theft' },
  },
  {
    ...{ what: 'links in mails', table: 'mail_links', key: 'id', since: 'created_at' },
    ...{ after_h: 2 * DAY_H, why: 'the longest is good for a day' },
  },
  {
    ...{ what: 'idempotency keys', table: 'idempotency_keys', key: 'id', since: 'created_at' },
    ...{ only: 'lease_until < now()', after_h: 24, why: 'an answer is given again for a day' },
  },
  {
    ...{ what: 'mails that were sent', table: 'outbox', key: 'id', since: 'sent_at' },
    ...{ after_h: 30 * DAY_H, why: 'whether a mail went out is asked soon or never' },
  },
  {
    ...{ what: 'mails that were not sent', table: 'outbox', key: 'id', since: 'created_at' },
    ...{ only: 'sent_at IS NULL', after_h: 90 * DAY_H, why: 'where there is no server, every mail is one' },
  },
  {
    ...{ what: 'workers', table: 'workers', key: 'id', since: 'seen_at' },
    ...{ after_h: DAY_H, why: 'a living one says so every 15 s' },
  },
  {
    ...{ what: 'signing keys', table: 'signing_keys', key: 'kid', since: 'created_at' },
    ...{ after_h: 32 * DAY_H, why: 'one signs for 30 days, and no token lives for two more' },
  },
  {
    ...{ what: 'leases of steps', table: 'step_results', key: 'key', since: 'lease_until' },
    ...{
      only: 'blob IS NULL',
      after_h: DAY_H,
      why: 'whoever makes a result renews its lease every few seconds',
    },
  },
  {
    ...{ what: 'security events', table: 'security_events', key: 'id', since: 'created_at' },
    ...{ after_h: 400 * DAY_H, why: 'a year, and a month to compare it with the one before' },
  },
  {
    ...{ what: 'what providers were used for', table: 'provider_usage', key: 'id', since: 'at' },
    ...{ after_h: 400 * DAY_H, why: 'a year, and a month to compare it with the one before' },
  },
  {
    ...{ what: 'what happened to providers', table: 'provider_events', key: 'id', since: 'created_at' },
    ...{ after_h: 400 * DAY_H, why: 'as long as what they were used for' },
  },
];

export const EXPIRY_BATCH = 1_000;

export const isOver = ({ since, only, after_h }: Expiry): string =>
  [`${since} < now() - interval '${after_h} hours'`, ...(only ? [only] : [])].join(' AND ');

/**
 * Removes a batch and says how many. Of two at once, each takes what the other has not locked;
 * as an array, PostgreSQL looks for them once. All of the SQL is from the table above.
 */
export const removeOver = (db: Db, expiry: Expiry, batch = EXPIRY_BATCH): Promise<number> => {
  const { table, key } = expiry;
  return db.$executeRawUnsafe(`DELETE FROM ${table} WHERE ${key} = ANY(ARRAY(
    SELECT ${key} FROM ${table} WHERE ${isOver(expiry)} LIMIT ${batch} FOR UPDATE SKIP LOCKED))`);
};
