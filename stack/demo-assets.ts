/** What the demo needs besides npm's packages: says what is fetched, why and how big it is, before it starts. */
import { ensureAssets } from '../assets/fetch';
import type { GivenPaths } from '../assets/locate';
import { AssetMissingError } from '../assets/missing';
import type { Config } from '../config';
import type { Screen } from './demo-screen';
import { FACTS, lackingAssets } from './needed-assets';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** Fetches what is not there. What cannot be had is said; the stack and the job then tell what it means. */
export async function fetchAssets(config: Config, screen: Screen, signal: AbortSignal): Promise<void> {
  const { cache_dir: cacheDir, embedded, ffmpeg_path } = config;
  const given: GivenPaths = { 'temporal-cli': embedded.temporal_cli_path, ffmpeg: ffmpeg_path };
  const lacking = lackingAssets(config);
  if (lacking.length === 0) return;
  const total = lacking.reduce((sum, name) => sum + FACTS[name].mb, 0);
  screen.line(`Fetching once, into ${cacheDir} (${total} MB in all):`);
  for (const name of lacking) screen.line(`  ${name}: ${FACTS[name].what}, ${FACTS[name].mb} MB`);
  const problems: string[] = [];
  for (const name of lacking) {
    const onProgress = ({
      doing,
      received,
      total: of,
    }: {
      doing: string;
      received?: number;
      total?: number;
    }) =>
      screen.show({
        name,
        share: received !== undefined && of ? received / of : undefined,
        state: received === undefined || !screen.redraws ? doing : `${doing}, ${megabytes(received)} MB`,
      });
    try {
      await ensureAssets([name], { cacheDir, given, signal, onProgress });
      screen.show({ name, share: 1, state: 'ready' });
    } catch (error) {
      if (!(error instanceof AssetMissingError)) throw error;
      screen.show({ name, state: 'not to be had' });
      problems.push(error.message);
    }
  }
  screen.endBars();
  problems.forEach((problem) => screen.line(problem));
}
