import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Asset, Source } from './asset';
import { buildFrom } from './build';
import { cacheFolder, type GivenPaths, locate, locateInCache, pathInCache } from './locate';
import { withLock } from './lock';
import { type AssetName, manifest } from './manifest';
import { AssetMissingError } from './missing';

export interface Progress {
  readonly asset: string;
  /** What is happening now, for example `downloading model.safetensors`. */
  readonly doing: string;
  /** Bytes, where they are known. */
  readonly received?: number;
  readonly total?: number;
}

export interface FetchOptions {
  readonly cacheDir: string;
  readonly given?: GivenPaths;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds to a web source's first answer. */
  readonly connectMs?: number;
}

const thisMachine = `${process.platform}-${process.arch}`;

/** Finds each asset or fetches it, one after another; the result tells where they are. */
export async function ensureAssets<Name extends AssetName>(
  names: readonly Name[],
  options: FetchOptions,
): Promise<Record<Name, string>> {
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) {
    paths[name] = givenPath(name, options.given) ?? (await ensureAsset(name, manifest[name], options));
  }
  return paths as Record<Name, string>;
}

function givenPath(name: AssetName, given: GivenPaths = {}): string | undefined {
  const path = given[name];
  if (path === undefined || existsSync(path)) return path;
  throw new AssetMissingError(name, manifest[name], [`the configured path: there is no ${path}`]);
}

export async function ensureAsset(name: string, asset: Asset, options: FetchOptions): Promise<string> {
  const found = locate(name, asset, options.cacheDir);
  if (found !== undefined) return found;
  const folder = cacheFolder(name, asset, options.cacheDir);
  const lock = join(options.cacheDir, '.locks', basename(folder));
  // Another process may have fetched it while this one waited for the lock.
  const work = async () =>
    locateInCache(name, asset, options.cacheDir) ?? (await fetchAsset(name, asset, options));
  return withLock(lock, work, { signal: options.signal });
}

async function fetchAsset(name: string, asset: Asset, options: FetchOptions): Promise<string> {
  const sources = asset.sources.filter(({ machine }) => machine === undefined || machine === thisMachine);
  const attempts = sources.length === 0 ? [`no source is built for ${thisMachine}`] : [];
  for (const source of sources) {
    try {
      await fetchFrom(source, name, asset, options);
      return pathInCache(name, asset, options.cacheDir);
    } catch (error) {
      options.signal?.throwIfAborted();
      attempts.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new AssetMissingError(name, asset, attempts);
}

/** Builds the asset in a folder of its own and moves it into the cache as a whole. */
async function fetchFrom(source: Source, name: string, asset: Asset, options: FetchOptions): Promise<void> {
  const folder = cacheFolder(name, asset, options.cacheDir);
  const staging = await makeStaging(options.cacheDir, basename(folder));
  try {
    await buildFrom(source, asset, staging, {
      ...options,
      partsDir: join(options.cacheDir, '.parts'),
      report: (doing, received, total) => options.onProgress?.({ asset: name, doing, received, total }),
    });
    // mkdtemp makes folders private; a cache baked into an image is read by another user.
    await chmod(staging, 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The caller holds the asset's lock, so whatever lies there was left by a process that died. */
async function makeStaging(cacheDir: string, assetFolder: string): Promise<string> {
  const stagings = join(cacheDir, '.staging');
  await mkdir(stagings, { recursive: true });
  const left = (await readdir(stagings)).filter((name) => name.startsWith(`${assetFolder}.`));
  for (const name of left) await rm(join(stagings, name), { recursive: true, force: true });
  return mkdtemp(join(stagings, `${assetFolder}.`));
}
