/** The API of a world: the real app on a free port, and a client written from the contract. */
import { createApp, type AppDeps } from '../api/app';
import { createJobStarter } from '../api/jobs/start';
import { createJobReader } from '../api/jobs/status';
import { createJobEngine } from '../api/jobs/temporal';
import { listen } from '../api/listen';
import { testApi, type TestApi } from './stack';
import { hearChanges } from '../store/changes';
import { serverUrls, type World } from './world';

export interface WorldApi extends TestApi {
  readonly url: string;
  /** What the app could not explain to its client. */
  readonly problems: unknown[];
  readonly deps: AppDeps;
}

export const MAX_UPLOAD_BYTES = 1_000_000;

/** `over` replaces parts of the app, for example its engine by one that counts; another `userId` is another person. */
export async function mountApi(world: World, over: Partial<AppDeps> = {}): Promise<WorldApi> {
  const { db, blobs, client, queue, owner_id } = world;
  const problems: unknown[] = [];
  const engine = over.engine ?? createJobEngine({ client, queue });
  const reader = createJobReader({ db, engine });
  const hearing = hearChanges(serverUrls().redis, (change) => void reader.changed(change));
  world.onClose(async () => hearing.close());
  const deps: AppDeps = {
    ...{ db, blobs, engine, userId: owner_id, maxUploadBytes: MAX_UPLOAD_BYTES, trustProxy: 0 },
    starter: createJobStarter({ db, engine, onLaunchError: (error) => problems.push(error) }),
    reader,
    probes: { postgres: () => db.$queryRaw`SELECT 1`, temporal: () => client.connection.ensureConnected() },
    logError: (error) => problems.push(error),
    ...over,
  };
  const { url, stop } = await listen(createApp(deps), { host: '127.0.0.1', port: 0, drainMs: 0 });
  world.onClose(stop);
  return { ...testApi(url), url, problems, deps };
}
