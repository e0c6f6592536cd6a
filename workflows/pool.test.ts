import fc from 'fast-check';
import { inPool, together } from './pool';

const tick = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('keeps order and width, whatever each piece takes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      async (delays, width) => {
        let running = 0;
        let most = 0;
        const started: number[] = [];
        const results = await inPool(delays, width, async (delay, index) => {
          started.push(index);
          most = Math.max(most, (running += 1));
          await tick(delay);
          running -= 1;
          return `${index}:${delay}`;
        });
        expect(results).toEqual(delays.map((delay, index) => `${index}:${delay}`));
        expect(started).toEqual(delays.map((_delay, index) => index));
        expect(most).toBe(Math.min(width, delays.length));
      },
    ),
    { numRuns: 30 },
  );
});

test('fails with the first failure and starts nothing more', async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const run = inPool([0, 1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    started.push(item);
    await tick(item === 1 ? 1 : 10);
    if (item === 1) throw new Error('no');
    ended.push(item);
  });
  await expect(run).rejects.toThrow('no');
  await tick(40);
  expect(started).toEqual([0, 1, 2]);
  expect(ended).toEqual([0, 2]);
});

it('leaves nothing behind when one of several fails', async () => {
  let ended = false;
  const slow = new Promise<void>((resolve) => setTimeout(resolve, 50)).then(() => (ended = true));
  await expect(together([Promise.reject(new Error('first')), slow])).rejects.toThrow('first');
  expect(ended).toBe(true);
  expect(await together([Promise.resolve(1), 'two'])).toEqual([1, 'two']);
});
