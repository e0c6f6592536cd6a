/** Values that are asked for far more often than they change: one fetch per key at a time, whoever asks. */

/** A younger value is given as it is. */
const FRESH_MS = 500;
/** A value up to this age is given while a new one is fetched. */
const STALE_MS = 1_000;
/** Who has not asked for this long has stopped polling. */
const HELD_MS = 3_000;
const MOST_ENTRIES = 5_000;

interface Entry<Value> {
  readonly value: Value;
  /** When it was fetched. */
  readonly at: number;
  askedAt: number;
}

export interface FreshValues<Value, Hint> {
  /** Undefined where `fetch` finds nothing. */
  get(key: string, hint?: Hint): Promise<Value | undefined>;
  /** The next `get` fetches, and no fetch that began before this call is believed. */
  forget(key: string): void;
  /** Fetches now, because something has happened; who asks meanwhile gets what is there. */
  renew(key: string): Promise<Value | undefined>;
  /** Somebody asked for it in the last seconds. */
  isHeld(key: string): boolean;
}

/** `fetch` is told what it gave last; the hint is the asker's and may save it work. */
export function createFreshValues<Value, Hint>(
  fetch: (key: string, last: Value | undefined, hint: Hint | undefined) => Promise<Value | undefined>,
): FreshValues<Value, Hint> {
  const entries = new Map<string, Entry<Value>>();
  const fetching = new Map<string, Promise<Value | undefined>>();

  /** The least recently fetched one makes room. */
  function keep(key: string, value: Value): void {
    const askedAt = entries.get(key)?.askedAt ?? Date.now();
    entries.delete(key);
    entries.set(key, { value, at: Date.now(), askedAt });
    const [oldest] = entries.keys();
    if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
  }

  async function refresh(key: string, hint: Hint | undefined): Promise<Value | undefined> {
    const fetched = fetch(key, entries.get(key)?.value, hint);
    fetching.set(key, fetched);
    const isCurrent = () => fetching.get(key) === fetched;
    try {
      const value = await fetched;
      if (isCurrent() && value !== undefined) keep(key, value);
      if (isCurrent() && value === undefined) entries.delete(key);
      return value;
    } finally {
      if (isCurrent()) fetching.delete(key);
    }
  }

  const fetchOnce = (key: string, hint: Hint | undefined): Promise<Value | undefined> =>
    fetching.get(key) ?? refresh(key, hint);

  return {
    async get(key, hint) {
      const entry = entries.get(key);
      const ageMs = entry ? Date.now() - entry.at : Infinity;
      if (entry) entry.askedAt = Date.now();
      if (!entry || ageMs > STALE_MS) return fetchOnce(key, hint);
      // A refresh that fails shows itself to whoever needs the next one.
      if (ageMs > FRESH_MS) void fetchOnce(key, hint).catch(() => undefined);
      return entry.value;
    },
    renew: (key) => refresh(key, undefined),
    isHeld: (key) => Date.now() - (entries.get(key)?.askedAt ?? 0) < HELD_MS,
    forget(key) {
      const entry = entries.get(key);
      if (entry) entries.set(key, { ...entry, at: 0 });
      fetching.delete(key);
    },
  };
}
