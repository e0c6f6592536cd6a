import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { locateAsset } from './locate';
import type { AssetName } from './manifest';

/**
 * For tests with real models and programs: where they are, and a `describe` that says what is missing
 * and skips. In CI nothing is skipped: there a missing asset is a failure.
 */
export function requireForTest<Name extends AssetName>(...names: readonly Name[]) {
  const cacheDir = process.env.LM_CACHE_DIR ?? join(homedir(), '.cache', 'little-monster');
  const paths = Object.fromEntries(names.map((name) => [name, locateAsset(name, cacheDir) ?? ''])) as Record<
    Name,
    string
  >;
  const missing = names.filter((name) => paths[name] === '');
  if (missing.length === 0) return { paths, describeIfPresent: describe };
  const message = `missing: ${missing.join(', ')} (npm run assets)`;
  if (process.env.CI) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return { paths, describeIfPresent: describe.skip };
}
