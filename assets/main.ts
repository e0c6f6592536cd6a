import { loadConfig } from '../config';
import { ensureAssets, type Progress } from './fetch';
import type { GivenPaths } from './locate';
import { assetNames } from './manifest';
import { AssetMissingError } from './missing';

/** `npm run assets`: fetches everything it can into the cache folder, then says what it could not. */
export async function main(
  cacheDir: string,
  given: GivenPaths,
  print: (line: string) => void,
): Promise<void> {
  const onProgress = progressLines(print);
  const missing: string[] = [];
  for (const name of assetNames) {
    try {
      const paths = await ensureAssets([name], { cacheDir, given, onProgress });
      print(`${name}: ${paths[name]}`);
    } catch (error) {
      if (!(error instanceof AssetMissingError)) throw error;
      missing.push(error.message);
    }
  }
  if (missing.length > 0) throw new Error(missing.join('\n'));
}

/** One line per tenth of a download, and per change of what is being done. */
export function progressLines(print: (line: string) => void): (progress: Progress) => void {
  let last = '';
  return ({ asset, doing, received, total }) => {
    const share = received !== undefined && total ? ` ${Math.floor((received / total) * 10) * 10} %` : '';
    const line = `${asset}: ${doing}${share}`;
    if (line !== last) print(line);
    last = line;
  };
}

if (require.main === module) {
  const { cache_dir, embedded, ffmpeg_path } = loadConfig();
  const given = { 'temporal-cli': embedded.temporal_cli_path, ffmpeg: ffmpeg_path };
  main(cache_dir, given, console.log).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
