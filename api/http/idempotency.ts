/**
 * The same request sent twice with one key is done once (the seed's "Idempotent Operations"). What a request makes
 * is made under ids that follow from its key (`effectIdOf`): one that comes again after a crash finds it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Db } from '../../prisma/client';
import { claimKey, giveBackKey, rememberAnswer, type Claim, type Claimed } from '../../prisma/idempotency';
import { uuidOf } from '../../prisma/ids';
import type { Endpoint, Method } from './endpoint';
import { ok } from './envelope';
import { HttpError } from './errors';
import { principalOf } from './principal';

const PATIENCE_MS = 10_000;
const LOOK_MS = 100;
const HEADER = 'idempotency-key';
const FIELD = 'idempotency_key';
const PRINTABLE = /^[\x21-\x7e]{1,200}$/;

/** They open accounts, and are not written down in any form. */
const SECRETS = ['password', 'new_password', 'current_password', 'token', 'refresh_token'];

const invalid = (message: string, hint: string) =>
  new HttpError(422, 'INVALID_INPUT', `${FIELD}: ${message}`, { field: FIELD, hint });

/** From the header or the body, from which it is taken: it is none of the handler's business. */
function takeKey(req: Request): string | undefined {
  const body = (req.body ?? {}) as Record<string, unknown>;
  const given = [req.get(HEADER), body[FIELD]].filter((key) => key !== undefined);
  delete body[FIELD];
  const [key] = given;
  if (key === undefined) return undefined;
  if (given.length > 1 && given[1] !== key) throw invalid('differs from the header', 'Send one of them');
  if (typeof key === 'string' && PRINTABLE.test(key)) return key;
  throw invalid('must be 1 to 200 printable characters', 'A random UUID is a good one');
}

const digest = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** What announces an upload that comes in parts. */
const ANNOUNCING = ['upload-length', 'upload-metadata'];

/** What is compared: the fields in any order, and an upload by what is in it, or by what is announced. */
function requestOf(req: Request, res: Response): string {
  const upload = res.locals['upload'] as { sha256: string } | undefined;
  const fields = Object.entries((req.body ?? {}) as object).filter(([name]) => !SECRETS.includes(name));
  return digest(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)),
    upload?.sha256,
    ...ANNOUNCING.flatMap((name) => req.get(name) ?? []),
  );
}

/** A stranger is known by his address; what he may repeat is only his registration. */
function claimOf(req: Request, res: Response, key: string): Claim {
  const owner = principalOf(res).user_id ?? `address:${req.ip}`;
  const id = digest(owner, `${req.method} ${req.path}`, key);
  return { id, request: requestOf(req, res), holder: randomUUID() };
}

/** The id of what a request makes: random, or by the key. */
export const effectIdOf = (res: Response): string => String(res.locals['effect_id'] ?? randomUUID());

/** When the first attempt came, where this one goes on after its crash: what it did is not to be done again. */
export const repeatedSince = (res: Response): Date | undefined =>
  res.locals['repeated_since'] as Date | undefined;

/** The answer leaves after it is remembered: a client that has it can rely on it. */
function rememberWhatIsSent(res: Response, db: Db, claim: Claim, next: (error: unknown) => void): void {
  const send = res.json.bind(res);
  res.json = (body: { data?: unknown }) => {
    const { statusCode: status } = res;
    const settled =
      status < 300
        ? rememberAnswer(db, claim, { status, data: body.data, location: res.get('location') ?? null })
        : giveBackKey(db, claim);
    res.json = send;
    settled.then(() => send(body)).catch(next);
    return res;
  };
}

type Ours = Extract<Claimed, { state: 'ours' }>;

/** Undefined when the request is answered. */
async function claimOrReplay(res: Response, db: Db, claim: Claim): Promise<Ours | undefined> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
    const claimed = await claimKey(db, claim);
    if (claimed.state === 'ours') return claimed;
    if (claimed.state === 'another') throw invalid('was used for another request', 'Use a new key');
    if (claimed.state === 'done') {
      const { data, location } = claimed.answer;
      res.set('Idempotency-Replayed', 'true');
      if (location !== null) res.location(location);
      ok(res, data);
      return undefined;
    }
    if (Date.now() > giveUpAt) throw stillRunning();
  }
}

const stillRunning = () =>
  new HttpError(409, 'CONFLICT', 'The first request with this key still runs', {
    ...{ hint: 'Send it again', retry_after_s: 5 },
  });

/** Every POST but those to the door, whose answers hold secrets; a registration holds none. */
export const isReplayed = ({ rule: [resource, action] }: Endpoint, method: Method): boolean =>
  method === 'post' && (action === 'register' || !['account', 'session'].includes(resource));

/** For a POST that may be repeated; without a key it changes nothing. */
export const replays = (db: Db): RequestHandler =>
  async function replaysMiddleware(req, res, next) {
    const key = takeKey(req);
    if (key === undefined) return next();
    const claim = claimOf(req, res, key);
    const ours = await claimOrReplay(res, db, claim);
    if (!ours) return;
    res.locals['effect_id'] = uuidOf('effect', claim.id, ours.since.getTime());
    if (ours.again) res.locals['repeated_since'] = ours.since;
    rememberWhatIsSent(res, db, claim, next);
    next();
  };
