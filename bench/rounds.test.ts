import { alternate } from './rounds';

test('warms both up, then lets each go first in turn', async () => {
  const order: string[] = [];
  const way = (name: string, seconds: number) => async () => {
    order.push(name);
    return seconds;
  };
  const said: string[] = [];
  const rounds = await alternate({ direct: way('d', 1), platform: way('p', 2) }, 3, (text) =>
    said.push(text),
  );
  expect(order.join('')).toBe('dp' + 'dp' + 'pd' + 'dp');
  expect(rounds).toEqual(Array(3).fill({ directS: 1, platformS: 2 }));
  expect(said).toHaveLength(3);
});
