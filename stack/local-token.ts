/** A service token for programs of this machine's user: the demo, the benchmarks, the tests. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const LOCAL_SERVICE = 'local';

/** Random, made once per data folder, readable by its owner alone. */
export function localToken(dataDir: string): string {
  const file = path.join(dataDir, 'service-token');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}
