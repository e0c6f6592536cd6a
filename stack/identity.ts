import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A pid alone names no process: the system gives it away again. Its start time settles it. */
export interface Identity {
  readonly pid: number;
  readonly started: string;
}

/**
 * Start time (field 22, in clock ticks since boot) of a line of /proc/<pid>/stat, nothing for a process
 * that has ended and was not yet collected by its parent. The name in field 2 may hold spaces and brackets.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function startTimeOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

export function identify(pid: number): Identity | undefined {
  const started = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return started ? { pid, started } : undefined;
}

export function isAlive(identity: Identity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

function fromProc(pid: number): string | undefined {
  try {
    return startTimeOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const [state = 'Z', ...started] = ps(pid).trim().split(/\s+/);
    return state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

function ps(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
