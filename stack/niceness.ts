/** How far a process gives way to others. */
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/**
 * 0 (not at all) to 19, for the process and all that it starts. Each program is a session of its own, and
 * where Linux groups tasks by session (sched(7), "The autogroup feature") a process's niceness counts only
 * within its session: between sessions the group's decides.
 *
 * Undefined, or why it could not be done: the process has ended, or Linux, which takes ten such wishes a
 * second from whoever is not root, has had them. It then runs all the same.
 */
export function giveWay(pid: number, niceness: number): Error | undefined {
  const group = `/proc/${pid}/autogroup`;
  try {
    os.setPriority(pid, niceness);
    if (existsSync(group)) writeFileSync(group, String(niceness));
  } catch (error) {
    return error as Error;
  }
}
