import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { giveWay } from './niceness';

const children: ChildProcess[] = [];

async function sleeper(): Promise<number> {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return child.pid!;
}

afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

describe('giving way', () => {
  it('lowers a process within its session, and its session among the others', async () => {
    const pid = await sleeper();
    expect(giveWay(pid, 7)).toBeUndefined();
    expect(os.getPriority(pid)).toBe(7);
    const group = `/proc/${pid}/autogroup`;
    if (existsSync(group)) expect(readFileSync(group, 'utf8')).toMatch(/ nice 7$/m);
  });

  it('says why not, once the process has ended', async () => {
    const pid = await sleeper();
    const [child] = children.slice(-1);
    child!.kill('SIGKILL');
    await once(child!, 'exit');
    expect(giveWay(pid, 7)).toMatchObject({ code: 'ERR_SYSTEM_ERROR' });
  });
});
