/** One cache for several processes, each with a Cache of its own; a proxy cuts and silences the way to Redis. */
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createLine, type Line } from '../testing/line';
import { serverUrls } from '../testing/world';
import { createCache, type Cache } from './cache';

/** What comes about, comes about in milliseconds; a busy machine takes longer. */
const PATIENCE_MS = 5_000;
/** Less than a value stays near by itself. */
const HEARD_MS = 1_500;

let raw: Redis;
let prefix: string;
const endings: (() => void)[] = [];

beforeAll(() => {
  raw = new Redis(serverUrls().redis);
});
beforeEach(() => {
  prefix = `test:${crypto.randomUUID()}:`;
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
});
afterAll(() => raw.disconnect());

const value = (text: string) => async () => text;

async function until(look: () => Promise<boolean>, patienceMs: number = PATIENCE_MS): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  while (!(await look())) {
    if (Date.now() > giveUpAt) throw new Error('It never came about');
    await sleep(5);
  }
}

async function timed<Value>(promise: Promise<Value>): Promise<{ result: Value; ms: number }> {
  const from = performance.now();
  return { result: await promise, ms: performance.now() - from };
}

/** It keeps values near: Redis is there, and the others' drops are heard. */
async function isNear(cache: Cache): Promise<boolean> {
  const key = crypto.randomUUID();
  await cache.read(key, 60, value('near'));
  await raw.set(prefix + key, '"far"', 'PX', 60_000);
  return (await cache.read(key, 60, value('loaded'))) === 'near';
}

function open(url: string): Cache {
  const cache = createCache({ url, prefix });
  endings.push(() => cache.close());
  return cache;
}

async function openNear(url: string = serverUrls().redis): Promise<Cache> {
  const cache = open(url);
  await until(() => isNear(cache));
  return cache;
}

/** A load that waits until it is let go. */
function held(text: string) {
  let begin!: () => void;
  let release!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const load = async () => {
    begin();
    await released;
    return text;
  };
  return { load, begun, release };
}

async function listen(serve: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function proxy(): Promise<Line> {
  const line = await createLine(serverUrls().redis);
  endings.push(line.close);
  return line;
}

describe('Redis is there', () => {
  test('keeps what was loaded for its time, and does not load again', async () => {
    const cache = await openNear();
    const one = { name: 'one', none: null };
    expect(await cache.read('key', 5, async () => one)).toEqual(one);
    const other = await openNear();
    expect(await other.read<unknown>('key', 5, value('two'))).toEqual(one);
    const ttlMs = await raw.pttl(`${prefix}key`);
    expect(ttlMs).toBeGreaterThan(1_000);
    expect(ttlMs).toBeLessThanOrEqual(5_000);
  });

  test('loads again when the time is over, near too', async () => {
    const cache = await openNear();
    expect(await cache.read('key', 0.05, value('one'))).toBe('one');
    await sleep(150);
    expect(await cache.read('key', 0.05, value('two'))).toBe('two');
  });

  test('keeps no absence and no failure', async () => {
    const cache = await openNear();
    expect(await cache.read('key', 60, async () => undefined)).toBeUndefined();
    await expect(cache.read('key', 60, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.read('key', 60, value('one'))).toBe('one');
  });

  test('many readers of one key load once, and each gets a copy', async () => {
    const cache = await openNear();
    let loads = 0;
    const load = async () => ({ loads: ++loads });
    const found = await Promise.all(Array.from({ length: 20 }, () => cache.read('key', 60, load)));
    expect(found).toEqual(Array.from({ length: 20 }, () => ({ loads: 1 })));
    expect(new Set(found).size).toBe(20);
  });

  test('a drop in one process reaches what the other keeps near', async () => {
    const [one, other] = [await openNear(), await openNear()];
    expect(await one.read('key', 60, value('old'))).toBe('old');
    expect(await other.read('key', 60, value('older'))).toBe('old');
    await one.drop('another', 'key');
    expect(await one.read('key', 60, value('new'))).toBe('new');
    await until(async () => (await other.read('key', 60, value('newer'))) === 'new', HEARD_MS);
  });

  test('a drop takes with it what lies near in its own process', async () => {
    const cache = await openNear();
    await cache.read('key', 60, value('old'));
    const dropping = cache.drop('key');
    expect(await cache.read('key', 60, value('new'))).toBe('new');
    await dropping;
    expect(await cache.read('key', 60, value('newer'))).toMatch(/^new/);
  });

  test.each([
    ['its own process', 'one'],
    ['another process', 'two'],
  ] as const)(
    'who began to load before a drop in %s stores nothing and is not believed',
    async (_, dropper) => {
      const caches = { one: await openNear(), two: await openNear() };
      const old = held('old');
      const reading = caches.one.read('key', 60, old.load);
      await old.begun;
      await caches[dropper].drop('key');
      // Before it has heard of the drop, a reader joins the one who waits.
      const look = () => Promise.race([caches.one.read('key', 60, value('new')), sleep(20)]);
      await until(async () => (await look()) === 'new');
      old.release();
      expect(await reading).toBe('old');
      for (const cache of [caches.one, caches.two])
        expect(await cache.read('key', 60, value('x'))).toBe('new');
      expect(await raw.get(`${prefix}key`)).toBe('"new"');
    },
  );

  test('nobody stores behind a drop, even if nobody reads in between', async () => {
    const [one, other] = [await openNear(), await openNear()];
    const old = held('old');
    const reading = one.read('key', 60, old.load);
    await old.begun;
    await other.drop('key');
    old.release();
    expect(await reading).toBe('old');
    expect(await raw.get(`${prefix}key`)).toBeNull();
    await until(async () => (await one.read('key', 60, value('new'))) === 'new');
  });

  test.each(['{"half', 'lease of one who died', ''])('what is not JSON is replaced: %j', async (damage) => {
    const cache = await openNear();
    await raw.set(`${prefix}key`, damage);
    expect(await cache.read('key', 60, value('one'))).toBe('one');
    expect(await raw.get(`${prefix}key`)).toBe('"one"');
    expect(await raw.pttl(`${prefix}key`)).toBeGreaterThan(0);
  });

  test('only so many values are near', async () => {
    const cache = await openNear();
    await cache.read('key', 60, value('one'));
    for (let n = 0; n < 50; n++) {
      await Promise.all(Array.from({ length: 100 }, (_, m) => cache.read(`${n} ${m}`, 60, value('more'))));
    }
    await raw.set(`${prefix}key`, '"far"');
    expect(await cache.read('key', 60, value('two'))).toBe('far');
  });

  test('a key of another kind is bypassed', async () => {
    const cache = await openNear();
    await raw.lpush(`${prefix}key`, 'a list');
    expect(await cache.read('key', 60, value('one'))).toBe('one');
    expect(await cache.read('key', 60, value('two'))).toBe('two');
  });
});

describe('Redis is away', () => {
  test('from the start: reads load, drops return', async () => {
    const cache = open('redis://127.0.0.1:1');
    expect(await timed(cache.read('key', 60, value('one')))).toMatchObject({ result: 'one' });
    await sleep(100);
    expect(await cache.read('key', 60, value('two'))).toBe('two');
    expect((await timed(cache.drop('key'))).ms).toBeLessThan(500);
  });

  test('a server that accepts and says nothing is not waited for', async () => {
    const cache = open(await listen(() => undefined));
    for (const text of ['one', 'two', 'three']) {
      const { result, ms } = await timed(cache.read('key', 60, value(text)));
      expect(result).toBe(text);
      expect(ms).toBeLessThan(100);
      expect((await timed(cache.drop('key'))).ms).toBeLessThan(100);
      await sleep(150);
    }
  });

  test('a server that falls silent is waited for once', async () => {
    const way = await proxy();
    const cache = await openNear(way.url);
    way.silence();
    expect((await timed(cache.drop('key'))).ms).toBeLessThan(500);
    const reads = ['a', 'b', 'c'].map((key) => cache.read(key, 60, value(key)));
    const { result, ms } = await timed(Promise.all(reads));
    expect(result).toEqual(['a', 'b', 'c']);
    expect(ms).toBeLessThan(100);
    way.restore();
    await until(() => isNear(cache));
  });

  test('nothing near is believed while drops are not heard', async () => {
    const way = await proxy();
    const [cache, other] = [await openNear(way.url), await openNear()];
    await cache.read('key', 60, value('old'));
    way.cut();
    await other.drop('key');
    // The end of a connection is noticed a moment later.
    await until(async () => (await cache.read('key', 60, value('new'))) === 'new', HEARD_MS);
    expect(await cache.read('key', 60, value('newer'))).toBe('newer');
  });

  test.each(['cut', 'silence'] as const)('a drop that was lost (%s) is made up for', async (trouble) => {
    const way = await proxy();
    const [cache, other] = [await openNear(way.url), await openNear()];
    await cache.read('key', 60, value('old'));
    way[trouble]();
    await cache.drop('key');
    expect(await other.read('key', 60, value('unused'))).toBe('old');
    way.restore();
    const giveUpAt = Date.now() + PATIENCE_MS;
    while ((await raw.get(`${prefix}key`)) === '"old"' && Date.now() < giveUpAt) {
      expect(await cache.read('key', 60, value('new'))).toBe('new');
      await sleep(5);
    }
    await until(async () => (await other.read('key', 60, value('new'))) === 'new');
    await until(() => isNear(cache));
    expect(await cache.read('key', 60, value('newer'))).toMatch(/^new/);
  });

  test('ten thousand drops that were lost are made up for', async () => {
    const way = await proxy();
    const cache = await openNear(way.url);
    await cache.read('key', 60, value('old'));
    way.cut();
    await cache.drop('key', ...Array.from({ length: 9_999 }, (_, n) => `key ${n}`));
    way.restore();
    await until(async () => (await raw.get(`${prefix}key`)) === null);
    await until(() => isNear(cache));
  });

  test('who began to load before a drop that was lost stores nothing', async () => {
    const way = await proxy();
    const cache = await openNear(way.url);
    const old = held('old');
    const reading = cache.read('key', 60, old.load);
    await old.begun;
    way.cut();
    await cache.drop('key');
    way.restore();
    await until(() => isNear(cache));
    old.release();
    expect(await reading).toBe('old');
    expect(await raw.get(`${prefix}key`)).toBeNull();
    expect(await cache.read('key', 60, value('new'))).toBe('new');
  });

  test('a drop that Redis refused is made up for', async () => {
    const user = `user-${crypto.randomUUID()}`;
    await raw.acl('SETUSER', user, 'on', '>secret', '~*', '&*', '+@all');
    endings.push(() => void raw.acl('DELUSER', user));
    const url = new URL(serverUrls().redis);
    url.username = user;
    url.password = 'secret';
    const cache = await openNear(url.href);
    await cache.read('key', 60, value('old'));
    await raw.acl('SETUSER', user, '-del');
    await cache.drop('key');
    expect(await raw.get(`${prefix}key`)).toBe('"old"');
    expect(await cache.read('key', 60, value('new'))).toBe('new');
    await raw.acl('SETUSER', user, '+del');
    await until(async () => (await raw.get(`${prefix}key`)) !== '"old"');
  });

  test('a closed cache loads', async () => {
    const cache = await openNear();
    cache.close();
    expect(await cache.read('key', 60, value('one'))).toBe('one');
    await cache.drop('key');
    expect(await cache.read('key', 60, value('two'))).toBe('two');
  });
});
