import { createCache } from './cache';

test('without Redis every read loads', async () => {
  const cache = createCache({});
  let loads = 0;
  const load = async () => ++loads;
  expect(await cache.read('key', 60, load)).toBe(1);
  expect(await cache.read('key', 60, load)).toBe(2);
  expect(await cache.read('key', 60, async () => undefined)).toBeUndefined();
  await cache.drop('key');
  cache.close();
});

test('a value looks the same whether it was kept or not', async () => {
  const load = async () => ({ at: new Date(0), gone: undefined, none: null });
  const at = '1970-01-01T00:00:00.000Z';
  expect(await createCache({}).read<unknown>('key', 60, load)).toStrictEqual({ at, none: null });
});

test('a load that fails fails the read', async () => {
  const load = () => Promise.reject(new Error('away'));
  await expect(createCache({}).read('key', 60, load)).rejects.toThrow('away');
});
