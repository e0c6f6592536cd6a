/** Every dependency with its latency, and every engine with what it lacks; asked now, never remembered. */
import { offerSchema, type Offer } from '../../domain/offer';
import type { Db } from '../../prisma/client';

export interface DependencyHealth {
  readonly status: 'up' | 'down';
  readonly latency_ms: number;
  readonly reason: string | null;
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly dependencies: Record<string, DependencyHealth>;
  readonly workers: number;
  readonly engines: Offer[];
}

/** Resolves when the dependency answered; its name says which. */
export type Probe = (signal: AbortSignal) => Promise<unknown>;

const PROBE_MS = 2_000;
const FRESH_MS = 45_000;

/** Without these nothing works; without the others some things wait or are slower. */
const VITAL = new Set(['postgres', 'temporal']);

async function probe(ask: Probe): Promise<DependencyHealth> {
  const began = performance.now();
  const latency = () => Math.round((performance.now() - began) * 10) / 10;
  const signal = AbortSignal.timeout(PROBE_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer in ${PROBE_MS} ms`)), { once: true });
  });
  try {
    await Promise.race([ask(signal), late]);
    return { status: 'up', latency_ms: latency(), reason: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').at(-1)!.slice(0, 200) : String(error);
    return { status: 'down', latency_ms: latency(), reason };
  }
}

async function liveWorkers(db: Db): Promise<{ count: number; engines: Offer[] }> {
  const rows = await db.workers.findMany({ where: { seen_at: { gte: new Date(Date.now() - FRESH_MS) } } });
  const engines = new Map<string, Offer>();
  for (const offer of rows.flatMap((row) => offerSchema.array().parse(row.offers))) {
    const key = `${offer.capability}/${offer.provider}`;
    if (!engines.get(key)?.available) engines.set(key, offer);
  }
  return { count: rows.length, engines: [...engines.values()] };
}

export async function checkHealth(db: Db, probes: Readonly<Record<string, Probe>>): Promise<Health> {
  const checked = await Promise.all(
    Object.entries(probes).map(async ([name, ask]) => [name, await probe(ask)] as const),
  );
  const dependencies = Object.fromEntries(checked);
  const down = checked.filter(([, { status }]) => status === 'down').map(([name]) => name);
  const { count, engines } = down.includes('postgres') ? { count: 0, engines: [] } : await liveWorkers(db);
  const degraded = down.length > 0 || count === 0;
  const status = down.some((name) => VITAL.has(name)) ? 'down' : degraded ? 'degraded' : 'ok';
  return { status, dependencies, workers: count, engines };
}
