/**
 * A read-through cache in Redis: before the database, never instead of it.
 *
 * Whoever writes the database calls `drop` afterwards, which deletes the key and tells every process.
 * - A key holds JSON, or the lease of whoever found nothing there and loads. Only a lease that still stands is
 *   replaced by what was loaded, and a drop deletes leases too: nobody stores what was read before it. Unlike
 *   a counter, a lease that expired, was evicted or fell to a restart cannot come back.
 * - A process keeps values near while it hears the others' drops. Until it has heard one (a millisecond;
 *   `NEAR_MS` where the connection died unnoticed) it gives the value from before.
 * - Redis away or silent is bypassed. A drop that did not arrive is sent when Redis is back; until then this
 *   process reads that key from the database, and others may believe the old value. Should this process end
 *   before, or forget the drop over `MOST_UNSENT` younger ones, the value's time to live bounds that.
 */
import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';

/** A connection that owes an answer for longer is given up. A read asks twice at most. */
const ANSWER_MS = 200;
/** What took longer to load is not kept. */
const LEASE_MS = 60_000;
const NEAR_MS = 2_000;
const MOST_NEAR = 5_000;
/** They travel in one script, which takes some 10 ms. */
const MOST_UNSENT = 10_000;
/** Between attempts to reach Redis, at most. */
const RETRY_MS = 500;

export interface Cache {
  /**
   * What is kept under `key`, or what `load` gives (kept for `ttl_s` unless undefined; near, `NEAR_MS` more).
   * JSON values only: everybody gets a copy that went through JSON, a `Date` as a string from the first read on.
   */
  read<Value>(key: string, ttl_s: number, load: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** After the database was written: deletes the keys, tells every process. Never throws for Redis trouble. */
  drop(...keys: readonly string[]): Promise<void>;
  close(): void;
}

interface Wanted {
  readonly key: string;
  readonly ttlMs: number;
  readonly load: () => Promise<unknown>;
}

interface Found {
  readonly text: string | undefined;
  /** It stands in Redis, so whoever changes it will tell. */
  readonly isKept: boolean;
}

const CLAIM = `
  local kept = redis.call('GET', KEYS[1])
  if not kept then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  return kept or ARGV[1]`;
const STORE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1`;
const DROP = `
  for _, name in ipairs(KEYS) do redis.call('DEL', name) end
  return redis.call('PUBLISH', ARGV[1], ARGV[2])`;

/** The driver queues nothing and sends nothing again: who cannot reach Redis now goes on without it. */
const OPTIONS: RedisOptions = {
  ...{ enableOfflineQueue: false, autoResendUnfulfilledCommands: false, autoResubscribe: false },
  ...{ commandTimeout: ANSWER_MS, socketTimeout: ANSWER_MS, connectTimeout: 1_000, maxRetriesPerRequest: 0 },
  retryStrategy: (times) => Math.min(times * 50, RETRY_MS),
};

/** Whether Redis is there is health's business. */
const connect = (url: string): Redis => new Redis(url, OPTIONS).on('error', () => undefined);

/** Undefined for what is not JSON: a lease, or damage. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
const valueOf = <Value>(text?: string) => (text === undefined ? undefined : (JSON.parse(text) as Value));

function forgetOldest(entries: Map<string, unknown>, most: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(key);
  }
}

/** Sends drops, and remembers those that did not arrive. */
function createDrops(redis: Redis, prefix: string) {
  const channel = `${prefix}drops`;
  /** By key the last attempt, so that an earlier one that arrives does not speak for it. */
  const unsent = new Map<string, symbol>();

  async function send(keys: readonly string[]): Promise<void> {
    const attempt = Symbol();
    for (const key of keys) unsent.set(key, attempt);
    forgetOldest(unsent, MOST_UNSENT);
    const names = keys.map((key) => prefix + key);
    const sent = redis.eval(DROP, names.length, ...names, channel, JSON.stringify(keys));
    if ((await sent.catch(() => undefined)) === undefined) return;
    for (const key of keys) if (unsent.get(key) === attempt) unsent.delete(key);
  }

  const resend = () => void (unsent.size > 0 && send([...unsent.keys()]));
  redis.on('ready', resend);
  // For a Redis that is there and refused.
  const timer = setInterval(resend, RETRY_MS).unref();
  const close = () => clearInterval(timer);
  /** `isUnsent`: Redis may still hold what was there before. */
  return { prefix, channel, send, isUnsent: (key: string) => unsent.has(key), close };
}

/** Finds a value in Redis, or loads it and keeps it there. */
function createFinder(redis: Redis, { prefix, isUnsent }: ReturnType<typeof createDrops>) {
  const ask = (script: string, key: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 1, prefix + key, ...args).catch(() => undefined);

  return async ({ key, ttlMs, load }: Wanted): Promise<Found> => {
    const seen = isUnsent(key) ? undefined : await ask(CLAIM, key, `lease ${randomUUID()}`, LEASE_MS);
    if (typeof seen === 'string' && parsed(seen) !== undefined) return { text: seen, isKept: true };
    const text = textOf(await load());
    if (typeof seen !== 'string' || text === undefined || isUnsent(key)) return { text, isKept: false };
    return { text, isKept: (await ask(STORE, key, seen, text, Math.ceil(ttlMs))) === 1 };
  };
}

/** What this process knows by itself: what is being looked for (one look per key) and was found lately. */
function createNear(find: (wanted: Wanted) => Promise<Found>) {
  const looks = new Map<string, { readonly text: Promise<string | undefined>; until: number }>();
  let isHearing = false;

  async function look(wanted: Wanted, remember: (ms: number) => void): Promise<string | undefined> {
    let ms = 0;
    try {
      const { text, isKept } = await find(wanted);
      if (isKept) ms = Math.min(NEAR_MS, wanted.ttlMs);
      return text;
    } finally {
      remember(ms);
    }
  }

  function begin(wanted: Wanted): Promise<string | undefined> {
    const text = look(wanted, (ms) => (begun.until = performance.now() + ms));
    const begun = { text, until: Infinity };
    looks.delete(wanted.key);
    // Who hears no drops shares nothing: he would not know what is out of date.
    if (isHearing) looks.set(wanted.key, begun);
    forgetOldest(looks, MOST_NEAR);
    return text;
  }

  return {
    async read(wanted: Wanted): Promise<string | undefined> {
      const known = looks.get(wanted.key);
      return known && performance.now() < known.until ? known.text : begin(wanted);
    },
    forget: (keys: readonly string[]) => keys.forEach((key) => looks.delete(key)),
    setHearing(is: boolean): void {
      isHearing = is;
      looks.clear();
    },
  };
}

type Near = ReturnType<typeof createNear>;

/** Tells which keys any process drops, and whether that is being heard. */
function hearDrops(redis: Redis, { channel, near }: { channel: string; near: Near }) {
  const listen = () => redis.subscribe(channel).then(() => near.setHearing(redis.status === 'ready'));
  redis.on('ready', () => void listen().catch(() => undefined));
  redis.on('close', () => near.setHearing(false));
  redis.on('message', (_channel, message) => near.forget([parsed(message)].flat() as string[]));
}

/** Without a URL there is no cache: every read loads. */
export function createCache({ url, prefix = 'lm:cache:' }: { url?: string; prefix?: string }): Cache {
  const loads: Cache['read'] = async (_key, _ttl_s, load) => valueOf(textOf(await load()));
  if (!url) return { read: loads, drop: () => Promise.resolve(), close: () => undefined };
  const [redis, hearing] = [connect(url), connect(url)];
  const drops = createDrops(redis, prefix);
  const near = createNear(createFinder(redis, drops));
  hearDrops(hearing, { channel: drops.channel, near });
  return {
    read: async (key, ttl_s, load) => valueOf(await near.read({ key, ttlMs: ttl_s * 1_000, load })),
    async drop(...keys) {
      near.forget(keys);
      await drops.send(keys);
    },
    close() {
      drops.close();
      [redis, hearing].forEach((connection) => connection.disconnect());
    },
  };
}
