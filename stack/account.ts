import { execFile } from 'node:child_process';
import { chownSync, existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Launch } from './part';

const run = promisify(execFile);

/** Who a server runs as. `privileged`: it may enter folders that this user may not. */
export interface Account {
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly privileged: boolean;
}

/** Of whom the machine has the first; no user is created. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as himself; root as the owner of the existing
 * data, else as the first candidate. `paths` are what it must be able to reach.
 */
export async function postgresAccount(cluster: string, paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { privileged: false };
  const user = existsSync(cluster) ? ownerOf(cluster) : await firstOf(CANDIDATES);
  return { user, privileged: !(await canReach(user, paths)) };
}

/**
 * Below a folder like /root (mode 700) another user reaches nothing. There the server keeps the one right
 * of root's that it needs, through util-linux's setpriv, which replaces itself by the command.
 */
export function asAccount({ user, privileged }: Account, launch: Launch): Launch {
  if (!user || !privileged) return { ...launch, user };
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const args = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', ...keep, launch.command];
  return { ...launch, command: 'setpriv', args: [...args, ...launch.args] };
}

export function giveTo({ user }: Account, paths: readonly string[]): void {
  if (user) for (const path of paths) chownSync(path, user.uid, user.gid);
}

function ownerOf(path: string): { uid: number; gid: number } {
  const { uid, gid } = statSync(path);
  return { uid, gid };
}

async function firstOf(names: readonly string[]): Promise<{ uid: number; gid: number }> {
  for (const name of names) {
    const ids = await Promise.all([idOf('-u', name), idOf('-g', name)]).catch(() => undefined);
    if (ids) return { uid: ids[0], gid: ids[1] };
  }
  throw new Error(`PostgreSQL does not run as root, and there is no user ${names.join(' or ')}`);
}

async function idOf(which: '-u' | '-g', name: string): Promise<number> {
  return Number((await run('id', [which, name])).stdout);
}

async function canReach(user: { uid: number; gid: number }, paths: readonly string[]): Promise<boolean> {
  const test = paths.map((_, index) => `test -x "$${index}"`).join(' && ');
  return run('/bin/sh', ['-c', test, ...paths], { cwd: '/', ...user }).then(
    () => true,
    () => false,
  );
}
