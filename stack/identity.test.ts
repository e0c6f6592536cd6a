import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify, isAlive, startTimeOf } from './identity';

/** Fields 1 to 22 of proc_pid_stat(5), and two more. */
const stat = (name: string, state: string) =>
  `4242 (${name}) ${state} 1 4242 4242 0 -1 4194560 100 0 0 0 5 3 0 0 20 0 9 0 987654 12345 678\n`;

test.each([['node'], ['my server'], ['odd) S 1 2 (name']])(
  'the start time of a process called %s',
  (name) => {
    expect(startTimeOf(stat(name, 'S'))).toBe('987654');
  },
);

test.each(['Z', 'X'])('a process in state %s has ended', (state) => {
  expect(startTimeOf(stat('node', state))).toBeUndefined();
});

test('a living process is recognised, and one that got its pid later is not', () => {
  const me = identify(process.pid);
  expect(me).toEqual({ pid: process.pid, started: expect.stringMatching(/./) });
  expect(isAlive({ pid: process.pid, started: me?.started ?? '' })).toBe(true);
  expect(isAlive({ pid: process.pid, started: 'another time' })).toBe(false);
});

test('an ended process is not alive', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const identity = identify(child.pid ?? 0);
  expect(identity && isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identity && isAlive(identity)).toBe(false);
  expect(identify(child.pid ?? 0)).toBeUndefined();
});
