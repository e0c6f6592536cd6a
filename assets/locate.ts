import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Asset } from './asset';
import { type AssetName, manifest } from './manifest';

/** Paths that the configuration names for programs; they win over everything else. */
export type GivenPaths = Readonly<Partial<Record<AssetName, string>>>;

/** Where an asset already is, without any network: a given path, PATH (programs), the cache folder. */
export function locateAsset(name: AssetName, cacheDir: string, given: GivenPaths = {}): string | undefined {
  const path = given[name];
  if (path !== undefined) return existsSync(path) ? path : undefined;
  return locate(name, manifest[name], cacheDir);
}

export function locate(name: string, asset: Asset, cacheDir: string): string | undefined {
  return locateOnPath(asset.program?.commands ?? []) ?? locateInCache(name, asset, cacheDir);
}

/** One folder per asset and version; it appears there whole, by a rename. */
export function cacheFolder(name: string, asset: Asset, cacheDir: string): string {
  return join(cacheDir, `${name}-${asset.version}`);
}

export function locateInCache(name: string, asset: Asset, cacheDir: string): string | undefined {
  const folder = cacheFolder(name, asset, cacheDir);
  const whole = asset.files.every((file) => existsSync(join(folder, file)));
  return whole ? pathInCache(name, asset, cacheDir) : undefined;
}

/** Where it is once it is fetched. */
export function pathInCache(name: string, asset: Asset, cacheDir: string): string {
  return join(cacheFolder(name, asset, cacheDir), asset.entry ?? '');
}

/** Asks the shell, which knows PATH. */
function locateOnPath(commands: readonly string[]): string | undefined {
  for (const command of commands) {
    const { stdout } = spawnSync('sh', ['-c', 'command -v "$0"', command], { encoding: 'utf8' });
    const path = stdout?.trim();
    if (path) return path;
  }
  return undefined;
}
