import { createTimed } from './timed';

/** Each look at the clock is `step` ms later than the one before. */
function tellsSteps(...steps: number[]): () => number {
  let now = 0;
  return () => (now += steps.shift() ?? 0);
}

test('keeps the times of each kind apart', async () => {
  const timed = createTimed<'read' | 'write'>(tellsSteps(0, 4, 0, 30, 0, 8));
  for (const kind of ['read', 'write', 'read'] as const) await timed.run(kind, async () => undefined);
  expect(timed.of('read')).toEqual([4, 8]);
  expect(timed.of('write')).toEqual([30]);
  expect(timed.table()).toBe('read 4.0 ms / 8.0 ms (2 times), write 30.0 ms / 30.0 ms (1 times)');
});

test('what fails has no time, and is told', async () => {
  const timed = createTimed<'read'>();
  const failing = timed.run('read', () => Promise.reject(new Error('HTTP 500')));
  await expect(failing).rejects.toThrow('HTTP 500');
  expect(timed.of('read')).toEqual([]);
});

test('forgets what was before', async () => {
  const timed = createTimed<'read'>();
  await timed.run('read', async () => undefined);
  timed.clear();
  expect(timed.of('read')).toEqual([]);
  expect(timed.table()).toBe('');
});
