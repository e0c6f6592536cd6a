/** Every dependency with its latency, and every engine with what it lacks; asked now, never remembered. */
import { z } from 'zod';
import { bestOffers, offerSchema, type Offer } from '../../domain/offer';
import type { Db } from '../../prisma/client';
import { liveOffers } from './offers';

const dependencySchema = z.object({
  status: z.enum(['up', 'down']),
  latency_ms: z.number(),
  reason: z.string().nullable(),
});

export type DependencyHealth = z.output<typeof dependencySchema>;

/** For everybody: what there is, and the cure for what is not. */
const engineSchema = offerSchema.pick({
  ...{ capability: true, provider: true, model: true, quality: true, available: true, breaker: true },
  ...{ reason: true, cure: true, languages: true, max_window_s: true },
});

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  dependencies: z.record(z.string(), dependencySchema),
  /** Processes that said something in the last 45 s. */
  workers: z.number().int(),
  engines: z.array(engineSchema),
});

export type Health = z.output<typeof healthSchema>;

/** Resolves when the dependency answered; its name says which. */
export type Probe = (signal: AbortSignal) => Promise<unknown>;

export interface HealthDeps {
  readonly db: Db;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly stopping: AbortSignal;
}

const PROBE_MS = 2_000;
/** Without these nothing works; without the others some things wait or are slower. */
const VITAL = ['postgres', 'temporal'];

/** Vendors' messages begin with a stack of their own; the last line says what happened. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
};

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
    return { status: 'down', latency_ms: latency(), reason: reasonOf(error) };
  }
}

/** Of each capability that is configured at all, one engine can work. */
function isEveryCapabilityThere(engines: readonly Pick<Offer, 'capability' | 'available'>[]): boolean {
  const there = new Set(engines.filter((one) => one.available).map((one) => one.capability));
  return engines.every(({ capability }) => there.has(capability));
}

async function liveWorkers(db: Db): Promise<Pick<Health, 'workers' | 'engines'>> {
  const { workers, offers } = await liveOffers(db);
  return {
    workers,
    engines: bestOffers(offers.filter(({ configured }) => configured)).map((offer) =>
      engineSchema.parse(offer),
    ),
  };
}

/** Whether requests can be served now: nothing vital is away, and we are not about to end. */
export async function isReady({ probes, stopping }: HealthDeps): Promise<boolean> {
  const vital = Object.entries(probes).filter(([name]) => VITAL.includes(name));
  const checked = await Promise.all(vital.map(([, ask]) => probe(ask)));
  return !stopping.aborted && checked.every(({ status }) => status === 'up');
}

export async function checkHealth({ db, probes }: HealthDeps): Promise<Health> {
  const checked = await Promise.all(
    Object.entries(probes).map(async ([name, ask]) => [name, await probe(ask)] as const),
  );
  const dependencies = Object.fromEntries(checked);
  const down = checked.filter(([, { status }]) => status === 'down').map(([name]) => name);
  const alive = down.includes('postgres') ? { workers: 0, engines: [] } : await liveWorkers(db);
  const degraded = down.length > 0 || alive.workers === 0 || !isEveryCapabilityThere(alive.engines);
  const status = down.some((name) => VITAL.includes(name)) ? 'down' : degraded ? 'degraded' : 'ok';
  return { status, dependencies, ...alive };
}
