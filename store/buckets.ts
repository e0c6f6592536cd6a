/**
 * Token buckets that all processes share. A script counts inside Redis, so nothing comes between reading and writing,
 * and by Redis's clock, so the processes' clocks do not matter. While Redis is away each process counts for itself:
 * a limit is then one per process, and nobody waits.
 */
import { Redis } from 'ioredis';

/** A take waits this long for Redis, then is counted here. */
const ANSWER_MS = 150;
/** A connection that owes an answer for this long is dropped: from then on nobody waits for it. */
const SILENT_MS = 1_000;
/** The longest pause between two attempts to reach Redis. */
const RECONNECT_MS = 1_000;
/** What a process counts by itself stays under a few megabytes. */
const LOCAL_KEYS = 10_000;
const SECOND_US = 1_000_000;

export interface Bucket {
  readonly capacity: number;
  /** Tokens that come back each second. */
  readonly refill_per_s: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Seconds until it is full again. */
  readonly full_in_s: number;
  /** Seconds until what was refused would be given; 0 when allowed. */
  readonly retry_after_s: number;
}

export interface Buckets {
  /** All of `cost` (1 unless told, at most the capacity) or nothing; 0 only looks. */
  take(key: string, bucket: Bucket, cost?: number): Promise<Taken>;
  /** Full again. */
  forget(key: string): Promise<void>;
  close(): void;
}

/** In whole microseconds, which doubles add without rounding: a full bucket gives its capacity to the last token. */
export interface Order {
  /** The time in which a token comes back. */
  readonly tokenUs: number;
  readonly capacityUs: number;
  readonly costUs: number;
}

export function orderOf({ capacity, refill_per_s }: Bucket, cost = 1): Order {
  const tokenUs = Math.max(1, Math.round(SECOND_US / refill_per_s));
  const timeOf = (tokens: number) => Math.round(tokens * tokenUs);
  return { tokenUs, capacityUs: timeOf(capacity), costUs: timeOf(cost) };
}

/** Tokens that are missing, as the time until they are back. */
export interface Standing {
  readonly allowed: boolean;
  readonly owedUs: number;
}

/**
 * A bucket is kept as one number, the moment when it is full again; TAKE_SCRIPT does the same line by line.
 * Nobody owes more than the capacity, also after the clock was set back or the bucket became smaller.
 */
export function settle(
  { capacityUs, costUs }: Order,
  { fullAtUs, nowUs }: { fullAtUs: number; nowUs: number },
): Standing {
  const owedUs = Math.min(Math.max(fullAtUs - nowUs, 0), capacityUs);
  const allowed = owedUs + costUs <= capacityUs;
  return { allowed, owedUs: allowed ? owedUs + costUs : owedUs };
}

/** Redis 5 or later. `%.0f`, because Lua's own text of a number has 14 digits and a moment has 16. */
const TAKE_SCRIPT = `
local capacity_us, cost_us = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now_us = tonumber(time[1]) * ${SECOND_US} + tonumber(time[2])
local full_at_us = tonumber(redis.call('GET', KEYS[1]) or 0)

local owed_us = math.min(math.max(full_at_us - now_us, 0), capacity_us)
local allowed = owed_us + cost_us <= capacity_us
if allowed then owed_us = owed_us + cost_us end

if owed_us > 0 then
  local full_in_ms = string.format('%.0f', math.ceil(owed_us / 1000))
  redis.call('SET', KEYS[1], string.format('%.0f', now_us + owed_us), 'PX', full_in_ms)
end
return { allowed and 1 or 0, owed_us }
`;

export function tell({ allowed, owedUs }: Standing, { tokenUs, capacityUs, costUs }: Order): Taken {
  return {
    allowed,
    remaining: Math.floor((capacityUs - owedUs) / tokenUs),
    full_in_s: owedUs / SECOND_US,
    retry_after_s: allowed ? 0 : (owedUs + costUs - capacityUs) / SECOND_US,
  };
}

interface Local {
  take(key: string, order: Order): Standing;
  /** Goes on from what Redis said last, so that its absence fills no bucket. */
  keep(key: string, owedUs: number): void;
  forget(key: string): void;
}

function createLocal(): Local {
  /** In the order of the last take: who has not asked for longest is the fullest, and is dropped first. */
  const fullAt = new Map<string, number>();
  const clockUs = () => Math.round(performance.now() * 1000);
  const keep = (key: string, owedUs: number) => {
    fullAt.delete(key);
    if (owedUs > 0) fullAt.set(key, clockUs() + owedUs);
    if (fullAt.size <= LOCAL_KEYS) return;
    const [oldest = ''] = fullAt.keys();
    fullAt.delete(oldest);
  };
  return {
    keep,
    take(key, order) {
      const standing = settle(order, { fullAtUs: fullAt.get(key) ?? 0, nowUs: clockUs() });
      keep(key, standing.owedUs);
      return standing;
    },
    forget: (key) => void fullAt.delete(key),
  };
}

type Shared = Redis & {
  takeTokens(key: string, capacityUs: number, costUs: number): Promise<[allowed: 0 | 1, owedUs: number]>;
};

function connect(url: string, keyPrefix: string): Shared {
  const redis = new Redis(url, {
    keyPrefix,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENT_MS,
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_MS),
  });
  // Whether Redis is there is health's business; the connection comes back by itself.
  redis.on('error', () => undefined);
  redis.defineCommand('takeTokens', { numberOfKeys: 1, lua: TAKE_SCRIPT });
  return redis as Shared;
}

/** Timers run before what has arrived is read: who was busy himself reads it first, and then gives up. */
const inTime = <T>(answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('Redis does not answer'));
    const timer = setTimeout(() => setImmediate(giveUp), ANSWER_MS);
    void answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

async function takeThere(redis: Shared, key: string, { capacityUs, costUs }: Order): Promise<Standing> {
  const [allowed, owedUs] = await inTime(redis.takeTokens(key, capacityUs, costUs));
  return { allowed: allowed === 1, owedUs };
}

/** Without a URL: local only. Nothing here fails because of Redis. */
export function createBuckets({ url, prefix = 'lm:bucket:' }: { url?: string; prefix?: string }): Buckets {
  const local = createLocal();
  const redis = url === undefined ? undefined : connect(url, prefix);
  return {
    async take(key, bucket, cost) {
      const order = orderOf(bucket, cost);
      const there = redis && (await takeThere(redis, key, order).catch(() => undefined));
      if (there) local.keep(key, there.owedUs);
      return tell(there ?? local.take(key, order), order);
    },
    async forget(key) {
      local.forget(key);
      if (redis) await inTime(redis.del(key)).catch(() => undefined);
    },
    close: () => redis?.disconnect(),
  };
}
