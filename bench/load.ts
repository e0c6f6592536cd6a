/** Open-loop load: requests leave by the clock, however slow the answers before them are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile';
import { ms } from './scenario';

export interface Plan {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Time for the caller to get out of the way before the first request leaves. */
const LEAD_MS = 20;

/** When each request is meant to leave, in milliseconds from the first. */
export function schedule({ perSecond, seconds }: Plan): number[] {
  return Array.from(
    { length: Math.round(perSecond * seconds) },
    (_none, index) => (index * 1000) / perSecond,
  );
}

export interface LoadResult {
  /** From the intended moment to the answer, so that a stall counts for everybody who had to wait in it. */
  readonly latenciesMs: number[];
  /** How late the requests left: the lag of this program's own loop. */
  readonly lateMs: number[];
  readonly failures: string[];
}

export interface LoadClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const REAL: LoadClock = { now: () => performance.now(), sleep };

export async function openLoop(
  plan: Plan,
  send: (index: number) => Promise<void>,
  clock: LoadClock = REAL,
): Promise<LoadResult> {
  const result: LoadResult = { latenciesMs: [], lateMs: [], failures: [] };
  const beganAt = clock.now() + LEAD_MS;

  async function one(index: number, dueAt: number): Promise<void> {
    result.lateMs.push(clock.now() - dueAt);
    try {
      await send(index);
      result.latenciesMs.push(clock.now() - dueAt);
    } catch (error) {
      result.failures.push(error instanceof Error ? error.message : String(error));
    }
  }

  const underWay: Promise<void>[] = [];
  for (const [index, offsetMs] of schedule(plan).entries()) {
    const dueAt = beganAt + offsetMs;
    for (let leftMs = dueAt - clock.now(); leftMs > 0; leftMs = dueAt - clock.now())
      await clock.sleep(leftMs);
    underWay.push(one(index, dueAt));
  }
  await Promise.all(underWay);
  return result;
}

/** Connections, caches and compiled code as after some time of use; nothing of it is counted. */
export async function warmUp(plan: Plan, send: (index: number) => Promise<void>): Promise<void> {
  const { failures } = await openLoop({ ...plan, seconds: 2 }, send);
  if (failures[0]) throw new Error(failures[0]);
}

/** The same loop with nothing to send: what it is late by is the machine's doing. */
export async function idleLag(plan: Plan): Promise<number> {
  const { lateMs } = await openLoop({ ...plan, seconds: 3 }, async () => undefined);
  return percentile(lateMs, 0.99);
}

export function summary({ latenciesMs, lateMs, failures }: LoadResult, idleLagMs: number): string {
  const latencies = `p50 ${ms(percentile(latenciesMs, 0.5))}, largest ${ms(percentile(latenciesMs, 1))}`;
  const lag = `of it the sender's own lag p99 ${ms(percentile(lateMs, 0.99))} (idle ${ms(idleLagMs)})`;
  const failed = failures.length > 0 ? `; ${failures.length} failed, the first: ${failures[0]}` : '';
  return `${latenciesMs.length} answers, ${latencies}; ${lag}${failed}`;
}
