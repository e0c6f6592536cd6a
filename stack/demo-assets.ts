/** What the demo needs besides npm's packages: says what is fetched, why and how big it is, before it starts. */
import { ensureAssets } from '../assets/fetch';
import { type GivenPaths, locateAsset } from '../assets/locate';
import type { AssetName } from '../assets/manifest';
import { AssetMissingError } from '../assets/missing';
import type { Config } from '../config';
import type { Screen } from './demo-screen';

/** Megabytes on disk. */
const FACTS: Readonly<Record<AssetName, { readonly what: string; readonly mb: number }>> = {
  'temporal-cli': { what: 'runs the jobs', mb: 150 },
  valkey: { what: 'cache', mb: 4 },
  ffmpeg: { what: 'reads sound and video', mb: 165 },
  'whisper-base': { what: 'recognises speech', mb: 142 },
  'whisper-tiny.en': { what: 'recognises English speech', mb: 75 },
  'moonshine-tiny-en': { what: 'recognises English speech when Whisper cannot', mb: 43 },
  'piper-joe': { what: 'speaks', mb: 61 },
  'espeak-ng-data': { what: 'pronunciation for the voice', mb: 25 },
  mpnet: { what: 'turns text into vectors', mb: 419 },
};

const OF_PROVIDER: Readonly<Record<string, readonly AssetName[]>> = {
  moonshine: ['moonshine-tiny-en'],
  piper: ['piper-joe', 'espeak-ng-data'],
  mpnet: ['mpnet'],
};

/** Everything that the configured services and providers use. */
export function neededAssets({ urls, providers, whisper_model }: Config): AssetName[] {
  const chosen = Object.values(providers).flat();
  return [
    ...(urls.temporal ? [] : (['temporal-cli'] as const)),
    ...(urls.redis ? [] : (['valkey'] as const)),
    'ffmpeg',
    ...(chosen.includes('whisper') ? ([`whisper-${whisper_model}`] as const) : []),
    ...chosen.flatMap((provider) => OF_PROVIDER[provider] ?? []),
  ];
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** Fetches what is not there. What cannot be had is said; the stack and the job then tell what it means. */
export async function fetchAssets(config: Config, screen: Screen, signal: AbortSignal): Promise<void> {
  const { cache_dir: cacheDir, embedded, ffmpeg_path } = config;
  const given: GivenPaths = { 'temporal-cli': embedded.temporal_cli_path, ffmpeg: ffmpeg_path };
  const lacking = neededAssets(config).filter((name) => !locateAsset(name, cacheDir, given));
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
