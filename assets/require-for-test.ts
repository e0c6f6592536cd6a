import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
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
  skipOrFail(`missing: ${missing.join(', ')} (npm run assets)`);
  return { paths, describeIfPresent: describe.skip };
}

/** An `it` for tests that call Python's pip. */
export function requirePipForTest() {
  if (spawnSync('python3', ['-m', 'pip', '--version']).status === 0) return it;
  skipOrFail('missing: python3 with pip');
  return it.skip;
}

function skipOrFail(reason: string): void {
  if (process.env.CI) throw new Error(reason);
  console.warn(`Skipped, ${reason}`);
}
