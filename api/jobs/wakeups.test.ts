import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createWakeups } from './wakeups';

const NEVER_MS = 600_000;
const awake = new AbortController().signal;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('wakes whoever waits for a job, and nobody else', async () => {
  const wakeups = createWakeups();
  const leave = new AbortController();
  const woken: string[] = [];
  const one = wakeups.sleep('one', NEVER_MS, awake).then(() => woken.push('one'));
  const other = wakeups.sleep('other', NEVER_MS, leave.signal).then(() => woken.push('other'));
  expect(wakeups.isWaited('one')).toBe(true);
  wakeups.wake('one');
  await one;
  expect(woken).toEqual(['one']);
  expect(wakeups.isWaited('one')).toBe(false);
  leave.abort();
  await other;
  expect(wakeups.isWaited('other')).toBe(false);
});

test('does not sleep for somebody who has gone', async () => {
  const wakeups = createWakeups();
  await wakeups.sleep('one', NEVER_MS, AbortSignal.abort());
  expect(wakeups.isWaited('one')).toBe(false);
});

test('the time ends a sleep, whatever is collected meanwhile', async () => {
  const wakeups = createWakeups();
  const sleeping = Array.from({ length: 100 }, () => wakeups.sleep('one', 50, awake));
  await new Promise(setImmediate);
  collectGarbage();
  await Promise.all(sleeping);
  expect(wakeups.isWaited('one')).toBe(false);
});
