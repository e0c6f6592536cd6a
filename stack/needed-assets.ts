/** Which of the assets the configured services and providers use, and which of those are not here. */
import { locateAsset } from '../assets/locate';
import type { AssetName } from '../assets/manifest';
import type { Config } from '../config';

/** Megabytes on disk. */
export const FACTS: Readonly<Record<AssetName, { readonly what: string; readonly mb: number }>> = {
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

/** Those of them that must be fetched first. */
export function lackingAssets(config: Config): AssetName[] {
  const { cache_dir, embedded, ffmpeg_path } = config;
  const given = { 'temporal-cli': embedded.temporal_cli_path, ffmpeg: ffmpeg_path };
  return neededAssets(config).filter((name) => !locateAsset(name, cache_dir, given));
}
