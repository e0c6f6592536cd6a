/**
 * `node one-route.js bare|guarded POSTGRES REDIS`: `GET /api/auth/me` with nothing to do but answer, by a bare Express
 * app or by the API's own with its keys, sessions and budgets, in which only the handler's query is left out. Prints
 * its URL.
 */
import express, { type Express } from 'express';
import { createApp, type AppDeps } from '../api/app';
import { toUser, type UserRow } from '../api/auth/accounts';
import { createAuth } from '../api/auth/create';
import { listen } from '../api/listen';
import { connectDb, type Db } from '../prisma/client';
import { createBuckets } from '../store/buckets';
import { createCache } from '../store/cache';

/** As long as the real answer. */
function bareApp(user: UserRow): Express {
  const meta = { timestamp: new Date().toISOString(), request_id: user.id };
  const answer = { success: true, data: toUser(user), meta };
  return express().get('/api/auth/me', (_req, res) => void res.json(answer));
}

/** No other route is asked, so nothing behind them is there. */
const NOTHING = undefined as never;

function guardedApp(user: UserRow, db: Db, url: string): Express {
  const [cache, buckets] = [createCache({ url }), createBuckets({ url })];
  const logError = (error: unknown) => console.error(error);
  const parts = { db, cache, buckets, services: [], showMail: () => undefined, onMailError: logError };
  const { auth, principals } = createAuth(parts);
  const constant = { users: { findUniqueOrThrow: async () => user } } as unknown as Db;
  const deps: AppDeps = {
    ...{ db, buckets, principals, auth: { ...auth, db: constant }, logError, corsOrigins: [] },
    ...{
      blobs: NOTHING,
      partials: NOTHING,
      engine: NOTHING,
      starter: NOTHING,
      reader: NOTHING,
      probes: {},
      rates: NOTHING,
    },
    commonUsd: null,
    ...{ version: '0', maxUploadBytes: 0, trustProxy: 1, stopping: new AbortController().signal },
  };
  return createApp(deps);
}

async function main(): Promise<void> {
  const [kind, database = '', redis = ''] = process.argv.slice(2);
  const db = connectDb(database);
  const user = await db.users.findFirstOrThrow();
  const app = kind === 'bare' ? bareApp(user) : guardedApp(user, db, redis);
  const { url } = await listen(app, { host: '127.0.0.1', port: 0 });
  process.stdout.write(`${url}\n`);
}

void main();
