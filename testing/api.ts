/** The API of a world: the real app on a free port, and a client written from the contract. */
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { createApp, type AppDeps } from '../api/app';
import { createAuth } from '../api/auth/create';
import { createKeys } from '../api/auth/keys';
import type { Mail } from '../api/auth/mail';
import { openSession } from '../api/auth/sessions';
import { ACCESS_S, createTokens } from '../api/auth/tokens';
import { diskPartialUploads } from '../api/content/partial-uploads';
import { createJobStarter } from '../api/jobs/start';
import { createJobReader } from '../api/jobs/status';
import { createJobEngine } from '../api/jobs/temporal';
import { createQueueRates } from '../api/ops/queue-rates';
import { listen } from '../api/listen';
import { createBuckets } from '../store/buckets';
import { createCache } from '../store/cache';
import { hearChanges } from '../store/changes';
import { checkContract } from './check-contract';
import { testApi, type TestApi } from './stack';
import { serverUrls, type World } from './world';

export interface WorldApi extends TestApi {
  readonly url: string;
  /** What the app could not explain to its client, and answers that are not as declared. */
  readonly problems: unknown[];
  /** What users would have got, where no mail server is given. */
  readonly mails: Mail[];
  readonly deps: AppDeps;
  /** An access token of a new session. */
  tokenOf(user_id: string): Promise<string>;
}

export const MAX_UPLOAD_BYTES = 1_000_000;

export const SERVICE_TOKEN = 'a-token-of-a-service-that-only-tests-know';

interface Over extends Partial<AppDeps> {
  /** Who asks where a request does not say it; null: nobody. Without it, the world's owner. */
  readonly as?: string | null;
  readonly redis?: string;
}

/** Requests without `Authorization` get one: what most tests are about begins after the login. */
const asUser =
  (app: RequestListener, token: string | undefined): RequestListener =>
  (req, res) => {
    if (token) req.headers.authorization ??= `Bearer ${token}`;
    app(req, res);
  };

/** `over` replaces parts of the app, for example its engine by one that counts. */
export async function mountApi(world: World, { as, redis, ...over }: Over = {}): Promise<WorldApi> {
  const { blobs, client, queue, owner_id } = world;
  const db = over.db ?? world.db;
  const problems: unknown[] = [];
  const mails: Mail[] = [];
  const engine = over.engine ?? createJobEngine({ client, queue });
  const reader = createJobReader({ db, engine });
  const hearing = hearChanges(serverUrls().redis, (change) => void reader.changed(change));
  const cache = createCache({ url: redis, prefix: `${queue}:cache:` });
  const buckets = createBuckets({ url: redis, prefix: `${queue}:bucket:` });
  world.onClose(async () => [hearing, cache, buckets].forEach((open) => open.close()));
  const { auth, principals } = createAuth({
    ...{ db, cache, buckets, services: [{ name: 'tests', token: SERVICE_TOKEN }] },
    showMail: (mail) => mails.push(mail),
    onMailError: (error) => problems.push(error),
  });
  const deps: AppDeps = {
    partials: diskPartialUploads(path.join(world.folder, 'uploads')),
    ...{ db, blobs, engine, auth, principals, buckets, reader, corsOrigins: ['https://learn.example.org'] },
    stopping: new AbortController().signal,
    ...{ maxUploadBytes: MAX_UPLOAD_BYTES, trustProxy: 0, version: '0.0.0' },
    ...{ rates: createQueueRates({ client, queue }), commonUsd: null },
    starter: createJobStarter({ db, engine, onLaunchError: (error) => problems.push(error) }),
    probes: { postgres: () => db.$queryRaw`SELECT 1`, temporal: () => client.connection.ensureConnected() },
    logError: (error) => problems.push(error),
    ...over,
  };
  const tokens = createTokens(createKeys(world.db));
  async function tokenOf(user_id: string): Promise<string> {
    const { session_id } = await openSession(world.db, user_id, {});
    return tokens.sign('access', { user_id, id: session_id }, ACCESS_S);
  }
  const token = as === null ? undefined : await tokenOf(as ?? owner_id);
  const app = checkContract(createApp(deps) as RequestListener, (problem) => problems.push(problem));
  const listener = asUser(app, token);
  const { url, stop } = await listen(listener, { host: '127.0.0.1', port: 0, leadMs: 0, drainMs: 0 });
  world.onClose(stop);
  return { ...testApi(url), url, problems, mails, deps, tokenOf };
}
