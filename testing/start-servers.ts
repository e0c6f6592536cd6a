/** jest's globalSetup: the real servers, one migrated template database, and where the tests find them. */
import { loadConfig } from '../config';
import { migrate } from '../prisma/migrate';
import { startThrowawayServers } from '../stack/throwaway';
import fetchAssets from './fetch-assets';

declare global {
  var stopTestServers: (() => Promise<void>) | undefined;
}

export default async function startServers(): Promise<void> {
  await fetchAssets();
  const { cache_dir } = loadConfig();
  const servers = await startThrowawayServers({ cache_dir });
  globalThis.stopTestServers = servers.stop;
  await migrate(servers.urls.database);
  process.env['LM_TEST_SERVERS'] = JSON.stringify(servers.urls);
}
